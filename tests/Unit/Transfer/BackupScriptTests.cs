using System.IO.Compression;
using Acm.Tests.Support;

namespace Acm.Tests.Transfer;

/// <summary>Runs examples/backup.ps1 like a scheduler.</summary>
public sealed class BackupScriptTests : IDisposable
{
    private static readonly string Script = Path.GetFullPath(Path.Combine(ModuleShell.Manifest, "..", "..", "..", "examples", "backup.ps1"));

    private readonly TemporaryFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task It_exits_with_0_and_keeps_the_last_few_of_its_own()
    {
        string[] old = ["acm-20200101-000000.zip", "acm-20200102-000000.zip", "acm-20200103-000000.zip"];
        string[] others = ["acm-prod-20200101-000000.zip", "notes.zip"];
        foreach (string name in old.Concat(others)) _files.Write(name, "x");

        ShellResult result = await PowerShellProcess.RunAsync([Script, "-Folder", _files.Path, "-Keep", "2"]);

        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        string[] left = [.. Directory.GetFiles(_files.Path).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
        string backup = Assert.Single(left.Except(old).Except(others));
        Assert.Equal(others.Append(old[2]).Append(backup).Order(StringComparer.Ordinal), left);
        using ZipArchive zip = ZipFile.OpenRead(Path.Combine(_files.Path, backup));
        Assert.Equal(["SHOP/db.json", "app.yaml"], zip.Entries.Select(entry => entry.FullName));
    }

    [Fact]
    public async Task With_a_Nacos_an_import_brings_everything_back()
    {
        using ModuleShell shell = ModuleShell.Open();
        shell.Run("$server = Start-AcmServer -InMemory; $null = Connect-Acm -Server $server.Endpoint -Namespace prod -NoSnapshot; Set-AcmConfig app.yaml 'a: 1' -Tag web, edge -Description 'the gateway'").ThrowOnError();
        try
        {
            string endpoint = Assert.Single(shell.Run("$server.Endpoint").Texts);

            ShellResult backup = await SharedShell.RunFileAsync(Script, ["-Server", endpoint, "-Namespace", "prod", "-Folder", _files.Path]);

            Assert.Equal((0, ""), (backup.ExitCode, backup.Errors));
            shell["zip"] = Assert.Single(Directory.GetFiles(_files.Path));
            ModuleResult restored = shell.Run("Remove-AcmConfig app.yaml; $null = Import-AcmConfig $zip; Get-AcmConfig app.yaml | ForEach-Object { \"$($_.Content) $($_.Type) $($_.Tags | Sort-Object) $($_.Description)\" }");
            Assert.Equal(["a: 1 yaml edge web the gateway"], restored.ThrowOnError().Texts);
        }
        finally
        {
            shell.Run("Stop-AcmServer");
        }
    }

    [Fact]
    public async Task It_exits_with_1_where_no_server_answers_and_removes_nothing()
    {
        _files.Write("acm-20200101-000000.zip", "x");

        ShellResult result = await SharedShell.RunFileAsync(Script, ["-Endpoint", "127.0.0.1:1", "-Folder", _files.Path, "-Keep", "0"]);

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(["acm-20200101-000000.zip"], Directory.GetFileSystemEntries(_files.Path).Select(Path.GetFileName));
    }
}
