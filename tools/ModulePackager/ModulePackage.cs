using System.IO.Compression;
using NuGet.Packaging;
using NuGet.Packaging.Licenses;
using NuGet.Versioning;

namespace ModulePackager;

/// <summary>
/// Packs a staged module for PowerShellGet and PSResourceGet: with its files at the root, and tags for the module and its commands. Packages are
/// reproducible.
/// </summary>
internal static class ModulePackage
{
    /// <summary>The earliest time that a zip can store.</summary>
    private static readonly DateTimeOffset Time = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes the package and returns its path.</summary>
    /// <param name="module">The folder of the module, which has its name.</param>
    /// <param name="output">The target folder.</param>
    public static string Write(string module, string output)
    {
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(module)));
        string manifestFile = Path.Combine(module, name + ".psd1");
        if (!File.Exists(manifestFile)) throw new PackagingException($"There is no module at '{module}': {name}.psd1 is missing. A build stages it.");

        ModuleManifest manifest = ModuleManifest.Read(manifestFile);
        var builder = new PackageBuilder(deterministic: true)
        {
            Id = name,
            Version = NuGetVersion.Parse(manifest["ModuleVersion"]),
            Description = manifest["Description"],
            Copyright = manifest["Copyright"],
            ProjectUrl = new Uri(manifest["ProjectUri"]),
            IconUrl = new Uri(manifest["IconUri"]),
            ReleaseNotes = manifest["ReleaseNotes"],
            LicenseMetadata = new LicenseMetadata(LicenseType.Expression, "MIT", NuGetLicenseExpression.Parse("MIT"), warningsAndErrors: null, LicenseMetadata.EmptyVersion),
            RequireLicenseAcceptance = false,
        };
        builder.Authors.Add(manifest["Author"]);
        builder.Owners.Add(manifest["CompanyName"]);
        builder.Tags.AddRange(Tags(manifest));
        foreach (string file in Directory.EnumerateFiles(module, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string inside = Path.GetRelativePath(module, file).Replace(Path.DirectorySeparatorChar, '/');
            builder.Files.Add(new PhysicalPackageFile { SourcePath = file, TargetPath = inside });
        }

        string package = Path.Combine(output, $"{name}.{builder.Version.ToNormalizedString()}.nupkg");
        Directory.CreateDirectory(output);
        using FileStream stream = File.Create(package);
        builder.Save(stream);
        SetTimes(stream);
        return package;
    }

    // The library sets the current time for the parts that it adds.
    private static void SetTimes(FileStream package)
    {
        using var zip = new ZipArchive(package, ZipArchiveMode.Update);
        foreach (ZipArchiveEntry entry in zip.Entries) entry.LastWriteTime = Time;
    }

    // The gallery finds modules, editions and commands by these.
    private static IEnumerable<string> Tags(ModuleManifest manifest) =>
        ["PSModule", .. manifest.All("Tags"), "PSIncludes_Cmdlet", .. manifest.All("CmdletsToExport").SelectMany(command => new[] { "PSCmdlet_" + command, "PSCommand_" + command })];
}
