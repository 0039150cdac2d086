using System.Management.Automation;
using Acm.Client;
using Acm.Client.Profiles;
using Acm.Client.Text;

namespace AcmPowerShell;

/// <summary>
/// Takes over the namespaces of the Python command line as profiles, in one go. Its file is only read. A profile that reaches the same namespace already is
/// left alone, unless -Force.
/// </summary>
[Cmdlet(VerbsData.Import, "AcmProfile", SupportsShouldProcess = true)]
[OutputType(typeof(ProfileImport))]
public sealed class ImportAcmProfileCommand : PSCmdlet
{
    /// <summary>File of the Python command line; by default .acm.json in the home folder.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Have profiles that are there take over what the file says of their namespace, keys included.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var profiles = new UserProfiles(this);
        string path = Path is null ? DefaultPath() : GetUnresolvedProviderPathFromPSPath(Path);
        PythonCliFile source = profiles.Ending(() => PythonCliFile.Read(path)) ?? throw NotFound(path);

        List<(PythonCliEntry Entry, List<string> Others)> chosen = [.. Chosen(source, profiles.Read())];
        var done = new List<ProfileImport>();
        var refused = new List<ErrorRecord>();
        if (chosen.Count > 0)
        {
            profiles.Update(file =>
            {
                foreach ((PythonCliEntry entry, List<string> others) in chosen)
                {
                    try
                    {
                        done.Add(new PythonCliImport(entry, file, others).Take(Force));
                    }
                    catch (InvalidSettingException e)
                    {
                        refused.Add(AcmErrors.InvalidParameter($"'{entry}' was not taken: {e.Message}", e.Parameter, entry.ToString(), e));
                    }
                    catch (AcmException e)
                    {
                        refused.Add(AcmErrors.Record(e, entry.ToString()));
                    }
                }
            });
        }

        refused.ForEach(WriteError);
        foreach (ProfileImport import in done)
        {
            if (import.RenamedFrom is { } alias) WriteWarning(ForeignText.Clean($"The alias '{alias}' became the profile '{import.Name}': it is taken, or is not a valid name here."));
            WriteObject(import);
        }

        if (source.Entries.Any(entry => entry.HoldsSecrets)) WriteWarning(OldFile(path));
    }

    /// <summary>The namespaces to take, each with the names that those before it get.</summary>
    private IEnumerable<(PythonCliEntry Entry, List<string> Others)> Chosen(PythonCliFile source, ProfileFile file)
    {
        var names = new List<string>();
        foreach (PythonCliEntry entry in source.Entries)
        {
            List<string> others = [.. names];
            var import = new PythonCliImport(entry, file, others);
            names.Add(import.Name);
            string action = !import.Exists ? "Add profile" : Force ? "Update profile" : "Skip: there is a profile already";
            if (Confirmation.Ask(this, $"{import.Name} ({entry})", action)) yield return (entry, others);
        }
    }

    private string DefaultPath()
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);
        if (home.Length == 0) ThrowTerminatingError(AcmErrors.InvalidParameter("This user has no home folder: -Path names the file.", nameof(Path)));
        return System.IO.Path.Combine(home, ".acm.json");
    }

    private FileNotFoundException NotFound(string path)
    {
        var error = new FileNotFoundException($"There is no file '{path}'. The Python command line keeps its namespaces in .acm.json of the home folder.", path);
        ThrowTerminatingError(new ErrorRecord(error, "AcmFileNotFound", ErrorCategory.ObjectNotFound, path));
        return error;
    }

    private static string OldFile(string path)
    {
        string open = "";
#if NET
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) != 0)
            open = $", and its mode 0{Convert.ToString((int)File.GetUnixFileMode(path), 8)} lets others read them: chmod 600 it at least";
#endif
        return $"'{path}' still holds the secrets in clear text{open}. Remove it once the Python command line is not used any more.";
    }
}
