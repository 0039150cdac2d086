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
        Assert.NotNull(zip.GetEntry("bin/net8.0/AcmPowerShell.dll"));
        Assert.NotNull(zip.GetEntry("bin/netstandard2.0/AcmPowerShell.dll"));
        Assert.NotNull(zip.GetEntry("en-US/AcmPowerShell.dll-Help.xml"));
        Assert.Equal("Acm", Value("id"));
        Assert.Equal($"Acm.{Value("version")}.nupkg", Path.GetFileName(package));
        Assert.All(
            ["PSModule", "PSEdition_Core", "PSEdition_Desktop", "PSIncludes_Cmdlet", "PSCmdlet_Get-AcmConfig", "PSCommand_Get-AcmConfig", "ACM", "Nacos", "MSE", "Configuration"],
            tag => Assert.Contains(tag, tags));
        Assert.All(["projectUrl", "iconUrl", "releaseNotes", "license", "copyright", "description"], name => Assert.NotEqual("", Value(name)));
    }

    [Fact]
    public void It_is_under_eight_megabytes_and_the_same_to_the_byte_each_time()
    {
        string first = ModulePackage.Write(Module, Path.Combine(_folder.Path, "1"));
        string second = ModulePackage.Write(Module, Path.Combine(_folder.Path, "2"));

        Assert.Equal(File.ReadAllBytes(first), File.ReadAllBytes(second));
        Assert.InRange(new FileInfo(first).Length, 1_000_000, 8_000_000);
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
    public async Task Installed_into_a_fresh_module_path_it_is_found_by_name_and_runs_the_quickstart()
    {
        string package = ModulePackage.Write(Module, _folder.Path);
        string modules = Path.Combine(_folder.Path, "modules");

        // As PSResourceGet does: a folder of the version's own, without the parts that make it a package.
        string version = ModuleManifest.Read(ModuleShell.Manifest)["ModuleVersion"];
        ZipFile.ExtractToDirectory(package, Path.Combine(modules, "Acm", version));
        foreach (string part in new[] { "_rels", "package" }) Directory.Delete(Path.Combine(modules, "Acm", version, part), recursive: true);
        foreach (string part in new[] { "[Content_Types].xml", "Acm.nuspec" }) File.Delete(Path.Combine(modules, "Acm", version, part));
        var environment = new Dictionary<string, string?> { ["PSModulePath"] = modules };

        ShellResult manifest = await PowerShellProcess.RunAsync(
            ["-Command", "$m = Test-ModuleManifest (Get-Module Acm -ListAvailable).Path; \"$($m.Name) $($m.Version) $($m.CompatiblePSEditions)\"; (Import-Module Acm -PassThru).ModuleBase"],
            environment: environment);
        ShellResult quickstart = await PowerShellProcess.RunAsync(
            [Path.Combine(DocsFolder.Root, "..", "examples", "quickstart.ps1")], environment: environment);

        Assert.Equal("", manifest.Errors);
        Assert.Equal($"Acm {version} Desktop Core\n{Path.Combine(modules, "Acm", version)}", manifest.Output);
        Assert.Equal("", quickstart.Errors);
        Assert.Equal(0, quickstart.ExitCode);
        Assert.Contains("The server is stopped.", quickstart.Output, StringComparison.Ordinal);
    }
}
