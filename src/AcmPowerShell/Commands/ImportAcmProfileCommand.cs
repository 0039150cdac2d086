using System.Management.Automation;
using Acm.Client;
using Acm.Client.Profiles;
using Acm.Client.Text;

namespace AcmPowerShell;

/// <summary>
/// Imports the namespaces from a file of the Python CLI or of a Spring application as profiles. The file is not changed. A profile for the same
/// namespace is skipped unless -Force is specified.
/// </summary>
[Cmdlet(VerbsData.Import, "AcmProfile", SupportsShouldProcess = true)]
[OutputType(typeof(ProfileImport))]
public sealed class ImportAcmProfileCommand : PSCmdlet
{
    /// <summary>File of the Python CLI (by default .acm.json in the home folder), or of a Spring application, such as application.yml or bootstrap.properties.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Update existing profiles for the same namespaces, including their keys.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var profiles = new UserProfiles(this);
        string path = Path is null ? DefaultPath() : GetUnresolvedProviderPathFromPSPath(Path);
        IReadOnlyList<Source> sources = profiles.Ending(() => Read(path));

        List<(Source Source, List<string> Others)> chosen = [.. Chosen(sources, profiles.Read())];
        var done = new List<ProfileImport>();
        var refused = new List<ErrorRecord>();
        if (chosen.Count > 0)
        {
            profiles.Update(file =>
            {
                foreach ((Source source, List<string> others) in chosen)
                {
                    try
                    {
                        done.Add(source.Import(file, others).Take(Force));
                    }
                    catch (InvalidSettingException e)
                    {
                        refused.Add(AcmErrors.InvalidParameter($"'{source.Text}' was not imported: {e.Message}", e.Parameter, source.Text, e));
                    }
                    catch (AcmException e)
                    {
                        refused.Add(AcmErrors.Record(e, source.Text));
                    }
                }
            });
        }

        refused.ForEach(WriteError);
        foreach (ProfileImport import in done)
        {
            if (import.RenamedFrom is { } alias) WriteWarning(ForeignText.Clean($"The alias '{alias}' became the profile '{import.Name}': the alias is in use, or is not a valid profile name."));
            WriteObject(import);
        }

        if (sources.Any(source => source.HoldsSecrets)) WriteWarning(OldFile(path));
    }

    /// <summary>Returns the namespaces in a file.</summary>
    private IReadOnlyList<Source> Read(string path)
    {
        if (!File.Exists(path)) throw NotFound(path);
        if (!SpringFile.Is(path))
        {
            PythonCliFile file = PythonCliFile.Read(path) ?? throw NotFound(path);
            return [.. file.Entries.Select(entry => new Source(entry.ToString(), entry.HoldsSecrets, (profiles, others) => new PythonCliImport(entry, profiles, others)))];
        }

        IReadOnlyList<SpringEntry> entries = SpringFile.Read(path, Environment.GetEnvironmentVariable);
        if (entries.Count == 0) WriteWarning($"'{path}' does not specify a Nacos server: spring.cloud.nacos.config.server-addr is not set.");
        return [.. entries.Select(entry => new Source(entry.ToString(), entry.HoldsSecrets, (profiles, others) => new SpringImport(entry, profiles, others)))];
    }

    /// <summary>Returns the approved namespaces, each with the profile names of those before it.</summary>
    private IEnumerable<(Source Source, List<string> Others)> Chosen(IReadOnlyList<Source> sources, ProfileFile file)
    {
        var names = new List<string>();
        foreach (Source source in sources)
        {
            List<string> others = [.. names];
            NamespaceImport import = source.Import(file, others);
            names.Add(import.Name);
            string action = !import.Exists ? "Add profile" : Force ? "Update profile" : "Skip: a profile for this namespace exists";
            if (Confirmation.Ask(this, $"{import.Name} ({source.Text})", action)) yield return (source, others);
        }
    }

    private string DefaultPath()
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);
        if (home.Length == 0) ThrowTerminatingError(AcmErrors.InvalidParameter("This user has no home folder. Specify the file with -Path.", nameof(Path)));
        return System.IO.Path.Combine(home, ".acm.json");
    }

    private FileNotFoundException NotFound(string path)
    {
        var error = new FileNotFoundException($"The file '{path}' was not found. The Python command line stores its namespaces in .acm.json in the home folder.", path);
        ThrowTerminatingError(new ErrorRecord(error, "AcmFileNotFound", ErrorCategory.ObjectNotFound, path));
        return error;
    }

    private static string OldFile(string path)
    {
        string open = "";
#if NET
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) != 0)
            open = $", and other users can read it (mode 0{Convert.ToString((int)File.GetUnixFileMode(path), 8)}; use chmod 600)";
#endif
        return $"'{path}' still contains the secrets in clear text{open}. Delete the file or the secrets when no program needs them.";
    }

    /// <summary>A namespace of a file.</summary>
    /// <param name="Text">Its location, for messages.</param>
    /// <param name="HoldsSecrets">Whether the file contains a secret for it.</param>
    /// <param name="Import">Creates the import of its profile.</param>
    private sealed record Source(string Text, bool HoldsSecrets, Func<ProfileFile, IReadOnlyCollection<string>, NamespaceImport> Import);
}
