using System.IO.Compression;
using System.Security.Cryptography;
using Acm.Tests.Support;

namespace Acm.Tests.Integrations;

/// <summary>The source of the module if it is not installed on the runner.</summary>
public sealed class StepModuleTests : IDisposable
{
    private const string Version = "99.0.0";

    private readonly TemporaryFiles _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_package_is_used_only_where_its_hash_is_the_one_given()
    {
        string package = Path.Combine(_folder.Path, "package.zip");
        using (ZipArchive archive = ZipFile.Open(package, ZipArchiveMode.Create))
        {
            await WriteAsync(archive, "Acm.psd1", $"@{{ RootModule = 'Acm.psm1'; ModuleVersion = '{Version}'; FunctionsToExport = 'Connect-Acm' }}");
            await WriteAsync(archive, "Acm.psm1", "function Connect-Acm { throw 'the package is in use' }");
        }

        string hash = Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(package)));

        ShellResult wrong = await RunAsync(package, hash[1..] + "0");
        ShellResult right = await RunAsync(package, hash.ToLowerInvariant());

        Assert.Contains($"has the SHA-256 hash '{hash}'", wrong.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("in use", wrong.Output, StringComparison.Ordinal);
        Assert.Contains("the package is in use", right.Output, StringComparison.Ordinal);
    }

    private Task<ShellResult> RunAsync(string package, string hash)
    {
        string script = _folder.Write(
            "run.ps1",
            $$"""
            function Save-PSResource {
                [CmdletBinding()] param($Name, $Version, $Path, [switch] $AsNupkg, [switch] $TrustRepository)
                [IO.File]::Copy('{{package}}', [IO.Path]::Combine($Path, "$Name.$Version.nupkg"))
            }
            & '{{IntegrationFiles.Script}}'
            """);
        return SharedShell.RunFileAsync(
            script,
            [],
            new Dictionary<string, string?>
            {
                ["GITHUB_ACTIONS"] = null,
                ["TF_BUILD"] = null,
                ["RUNNER_TEMP"] = _folder.Path,
                ["ACM_INPUT_COMMAND"] = "export",
                ["ACM_INPUT_ENDPOINT"] = "127.0.0.1:1",
                ["ACM_INPUT_PATH"] = "x",
                ["ACM_INPUT_MODULEVERSION"] = Version,
                ["ACM_INPUT_MODULESHA256"] = hash,
            });
    }

    private static async Task WriteAsync(ZipArchive archive, string name, string text)
    {
        await using var writer = new StreamWriter(archive.CreateEntry(name).Open());
        await writer.WriteAsync(text);
    }
}
