using System.Net;
using Acm.Client.Profiles;

namespace AcmPowerShell;

/// <summary>Makes a profile of a namespace of the Python command line.</summary>
internal sealed class PythonCliImport
{
    private readonly PythonCliEntry _entry;
    private readonly ProfileFile _file;
    private readonly StoredProfile? _same;

    internal PythonCliImport(PythonCliEntry entry, ProfileFile file)
    {
        _entry = entry;
        _file = file;
        _same = file.FindAll(entry.Endpoint, entry.Namespace).FirstOrDefault();
        Name = _same?.Name ?? NewName();
    }

    /// <summary>The name that the profile has, or gets: its alias, unless that is no name here or is taken.</summary>
    internal string Name { get; }

    /// <summary>Adds the profile, or changes the one that is there.</summary>
    /// <exception cref="InvalidSettingException">Nothing can be connected with what the file says; nothing is kept of it.</exception>
    internal ProfileImport Take(bool updates)
    {
        if (_same is not null && !updates) return Outcome(ProfileImportStatus.Skipped, "There is a profile of this namespace already; -Force updates it.");

        var taken = new List<string>();
        ConnectionSettings settings = Settings(taken);
        settings.Check();

        StoredProfile profile = _same ?? _file.Add(Name);
        ProfileSettings.DropKeys(profile);
        ProfileSettings.Store(settings, profile, _ => true);
        if (_entry.IsCurrent) _file.Default ??= Name;
        return Outcome(_same is null ? ProfileImportStatus.Added : ProfileImportStatus.Updated, taken.Count == 0 ? "No credentials." : string.Join(", ", taken) + ".");
    }

    private ConnectionSettings Settings(List<string> taken)
    {
        ConnectionSettings settings = _same is null ? new ConnectionSettings() : ProfileSettings.ToConnection(_same);
        settings.Endpoint = [_entry.Endpoint];
        settings.Namespace = _entry.Namespace;
        settings.UseTls = _entry.UseTls;
        settings.Credentials.MakeRoom(_entry.RamRoleName is null ? CredentialSource.Keys : CredentialSource.RamRole, keys: true, secret: true, ramRole: true);
        settings.Credentials.Source = null;
        if (_entry.RamRoleName is not null)
        {
            settings.Credentials.RamRoleName = _entry.RamRoleName;
            taken.Add("RAM role");
        }
        else if (_entry is { AccessKey: { } accessKey, SecretKey: { } secretKey })
        {
            settings.Credentials.AccessKey = accessKey;
            settings.Credentials.SecretKey = new NetworkCredential("", secretKey).SecurePassword;
            taken.Add("keys");
        }

        return settings;
    }

    private string NewName() =>
        _entry.Alias is { } alias && ProfileName.Fault(alias) is null && _file.Find(alias) is null
            ? alias
            : ProfileName.For(_entry.Endpoint, _entry.Namespace, IsTaken)
            ?? throw new InvalidSettingException($"The names that '{_entry}' would get are taken: add it by hand, with a name.", "Path");

    private bool IsTaken(string name) => _file.Find(name) is not null;

    private ProfileImport Outcome(ProfileImportStatus status, string detail) => new(Name, _entry.Endpoint, _entry.Namespace, status, detail);
}
