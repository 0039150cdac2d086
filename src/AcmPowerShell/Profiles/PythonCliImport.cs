using System.Net;
using Acm.Client;
using Acm.Client.Profiles;

namespace AcmPowerShell;

/// <summary>Makes a profile of a namespace of the Python command line.</summary>
internal sealed class PythonCliImport
{
    private readonly PythonCliEntry _entry;
    private readonly ProfileFile _file;
    private readonly StoredProfile? _same;

    /// <param name="entry">The namespace.</param>
    /// <param name="file">The profiles that there are.</param>
    /// <param name="planned">Names that other namespaces will get.</param>
    internal PythonCliImport(PythonCliEntry entry, ProfileFile file, IReadOnlyCollection<string> planned)
    {
        _entry = entry;
        _file = file;
        IReadOnlyList<StoredProfile> found = file.FindAll(entry.Endpoint, entry.Namespace);
        _same = found.Count > 0 ? found[0] : null;
        Name = _same?.Name ?? NewName(planned);
    }

    /// <summary>The name that the profile has, or gets: its alias, unless that is no name here or is taken.</summary>
    internal string Name { get; }

    /// <summary>Whether there is a profile of the namespace already.</summary>
    internal bool Exists => _same is not null;

    /// <summary>Adds the profile, or changes the one that is there.</summary>
    /// <exception cref="InvalidSettingException">Nothing can be connected with what the file says; nothing is kept of it.</exception>
    internal ProfileImport Take(bool updates)
    {
        if (_same is not null && !updates) return Outcome(ProfileImportStatus.Skipped, "Kept; -Force updates it.");

        var taken = new List<string>();
        ConnectionSettings settings = Settings(taken);
        settings.Check();

        StoredProfile profile = _same ?? _file.Add(Name);
        ConnectionOptions.Store(settings, profile, IsGiven);
        if (_entry.IsCurrent) _file.Default ??= Name;
        return Outcome(_same is null ? ProfileImportStatus.Added : ProfileImportStatus.Updated, taken.Count == 0 ? "No credentials." : string.Join(", ", taken) + ".");
    }

    private bool IsGiven(string parameter) => parameter switch
    {
        nameof(AcmClientOptions.Endpoint) or nameof(AcmClientOptions.Namespace) or nameof(AcmClientOptions.UseTls) => true,
        nameof(KmsSettings.UseKms) or nameof(KmsSettings.KmsRegionId) or nameof(KmsSettings.KmsKeyId) => _entry.UseKms || Exists,
        nameof(KmsSettings.KmsAccessKey) or nameof(KmsSettings.KmsSecretKey) or nameof(KmsSettings.KmsEndpoint) => _entry.UseKms || Exists,
        _ => false,
    };

    private ConnectionSettings Settings(List<string> taken)
    {
        ConnectionSettings settings = _same is null ? new ConnectionSettings() : ConnectionOptions.ToConnection(_same, withSecrets: false);
        settings.Endpoint = [_entry.Endpoint];
        settings.Options = settings.Options with { Namespace = _entry.Namespace, UseTls = _entry.UseTls };
        settings.Credentials.MakeRoom(_entry.RamRoleName is null ? CredentialSource.Keys : CredentialSource.RamRole, keys: true, secret: true, ramRole: true);
        settings.Credentials.Source = null;
        if (_entry.RamRoleName is not null)
        {
            settings.Credentials.Options = settings.Credentials.Options with { RamRoleName = _entry.RamRoleName };
            taken.Add("RAM role");
        }
        else if (_entry is { AccessKey: { } accessKey, SecretKey: { } secretKey })
        {
            settings.Credentials.AccessKey = accessKey;
            settings.Credentials.SecretKey = new NetworkCredential("", secretKey).SecurePassword;
            taken.Add("keys");
        }
        else if (_entry.AccessKey is not null || _entry.SecretKey is not null)
        {
            taken.Add("half a pair of keys was left out");
        }

        settings.Kms.Clear();
        if (_entry.UseKms) ApplyKms(settings.Kms, taken);
        return settings;
    }

    private void ApplyKms(KmsSettings kms, List<string> taken)
    {
        kms.UseKms = true;
        kms.KmsRegionId = _entry.RegionId;
        kms.KmsKeyId = _entry.KmsKeyId;
        taken.Add("KMS");

        // The command line writes the connection's own keys there where none were given.
        if (_entry is not { KmsAccessKey: { } accessKey, KmsSecretKey: { } secretKey } || (accessKey == _entry.AccessKey && secretKey == _entry.SecretKey && _entry.RamRoleName is null)) return;

        kms.KmsAccessKey = accessKey;
        kms.KmsSecretKey = new NetworkCredential("", secretKey).SecurePassword;
        taken.Add("keys for KMS");
    }

    private string NewName(IReadOnlyCollection<string> planned)
    {
        if (_entry.Alias is { } alias && ProfileName.Fault(alias) is null && !IsTaken(alias)) return alias;
        if (ProfileName.For(_entry.Endpoint, _entry.Namespace, IsTaken) is { } name) return name;

        int number = 1;
        while (IsTaken($"profile-{number}")) number++;
        return $"profile-{number}";

        bool IsTaken(string text) => _file.Find(text) is not null || planned.Contains(text);
    }

    private ProfileImport Outcome(ProfileImportStatus status, string detail) => new(Name, _entry.Endpoint, _entry.Namespace, status, detail)
    {
        RenamedFrom = status == ProfileImportStatus.Added && !string.IsNullOrEmpty(_entry.Alias) && _entry.Alias != Name ? _entry.Alias : null,
    };
}
