using System.IO.Compression;
using System.Xml.Linq;
using Acm.Tests.Docs;
using Acm.Tests.Support;
using ModulePackager;

namespace Acm.Tests.Packaging;

public sealed class ModulePackageTests : IDisposable
{
    private static readonly string Module = Path.GetDirectoryName(ModuleShell.Manifest)!;

    private readonly TemporaryFiles _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_package_has_the_module_at_its_root_and_says_what_the_galleries_look_for()
    {
        string package = ModulePackage.Write(Module, _folder.Path);

        using ZipArchive zip = ZipFile.OpenRead(package);
        XElement metadata = XDocument.Load(zip.GetEntry("Acm.nuspec")!.Open()).Root!.Elements().Single();
        string Value(string name) => metadata.Elements().Single(e => e.Name.LocalName == name).Value;
        string[] tags = Value("tags").Split(' ');
        Assert.NotNull(zip.GetEntry("Acm.psd1"));
        Assert.NotNull(zip.GetEntry("bin/Core/AcmPowerShell.dll"));
        Assert.NotNull(zip.GetEntry("bin/Desktop/AcmPowerShell.dll"));
        Assert.NotNull(zip.GetEntry("en-US/AcmPowerShell.dll-Help.xml"));
        Assert.Equal("Acm", Value("id"));
        Assert.Equal($"Acm.{Value("version")}.nupkg", Path.GetFileName(package));
        Assert.All(
            ["PSModule", "PSEdition_Core", "PSEdition_Desktop", "PSIncludes_Cmdlet", "PSCmdlet_Get-AcmConfig", "PSCommand_Get-AcmConfig", "ACM", "Nacos", "MSE", "Configuration"],
            tag => Assert.Contains(tag, tags));
        Assert.All(["projectUrl", "iconUrl", "releaseNotes", "license", "copyright", "description"], name => Assert.NotEqual("", Value(name)));
    }

    [Fact]
    public void It_is_under_9_050_000_bytes_and_the_same_to_the_byte_each_time()
    {
        string first = ModulePackage.Write(Module, Path.Combine(_folder.Path, "1"));
        string second = ModulePackage.Write(Module, Path.Combine(_folder.Path, "2"));

        Assert.Equal(File.ReadAllBytes(first), File.ReadAllBytes(second));

        // Slightly above the actual size, so that an additional library or target framework is noticed.
        Assert.InRange(new FileInfo(first).Length, 1_000_000, 9_050_000);
    }

    [Fact]
    public void Its_version_is_the_manifests_which_has_every_key_that_it_needs()
    {
        ModuleManifest manifest = ModuleManifest.Read(ModuleShell.Manifest);

        Assert.Equal(typeof(ModulePackage).Assembly.GetName().Version!.ToString(3), manifest["ModuleVersion"]);
        Assert.Contains("Get-AcmConfig", manifest.All("CmdletsToExport"));
        Assert.Throws<PackagingException>(() => manifest["Nothing"]);
    }

    [Fact]
    public void A_folder_without_a_module_is_refused() =>
        Assert.Contains("Nothing.psd1", Assert.Throws<PackagingException>(() => ModulePackage.Write(Path.Combine(_folder.Path, "Nothing"), _folder.Path)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Installed_from_a_folder_of_packages_it_is_found_by_name_and_runs_the_quickstart()
    {
        string packages = Path.GetDirectoryName(ModulePackage.Write(Module, Path.Combine(_folder.Path, "packages")))!;
        string version = ModuleManifest.Read(ModuleShell.Manifest)["ModuleVersion"];
        string home = Directory.CreateDirectory(Path.Combine(_folder.Path, "home")).FullName;
        string saved = Directory.CreateDirectory(Path.Combine(_folder.Path, "saved")).FullName;
        string script = _folder.Write("install.ps1", $$"""
            $ErrorActionPreference = 'Stop'
            $ProgressPreference = 'SilentlyContinue'
            Register-PSResourceRepository Local -Uri '{{packages}}' -Trusted
            $found = Find-PSResource Acm -Repository Local
            "found $($found.Name) $($found.Version): $($found.Includes.Cmdlet.Count) commands"
            Install-PSResource Acm -Repository Local
            $manifest = Test-ModuleManifest (Get-Module Acm -ListAvailable).Path
            "installed $($manifest.Name) $($manifest.Version) $($manifest.CompatiblePSEditions)"
            (Import-Module Acm -PassThru).ModuleBase

            # As Windows PowerShell has it, with PowerShellGet.
            Register-PSRepository Old -SourceLocation '{{packages}}'
            Save-Module Acm -Repository Old -Path '{{saved}}'
            Test-Path '{{saved}}/Acm/{{version}}/Acm.psd1'
            & '{{Path.Combine(DocsFolder.Root, "..", "examples", "quickstart.ps1")}}'
            """);

        // The path only has the modules of PowerShell itself and of this user.
        ShellResult result = await PowerShellProcess.RunAsync(["-NonInteractive", script], environment: new Dictionary<string, string?>
        {
            ["HOME"] = home, ["USERPROFILE"] = home, ["XDG_DATA_HOME"] = null, ["XDG_CONFIG_HOME"] = null, ["XDG_CACHE_HOME"] = null, ["PSModulePath"] = null,
        });

        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        string[] lines = result.Output.Split('\n');
        Assert.Equal($"found Acm {version}: {ModuleCommands.All.Count} commands", lines[0]);
        Assert.Equal($"installed Acm {version} Desktop Core", lines[1]);
        Assert.EndsWith(Path.Combine("Modules", "Acm", version), lines[2], StringComparison.Ordinal);
        Assert.StartsWith(home, lines[2], StringComparison.Ordinal);
        Assert.Equal("True", lines[3]);
        Assert.Contains("The server is stopped.", lines);
    }
}
