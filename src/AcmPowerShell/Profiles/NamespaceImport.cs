using Acm.Client.Profiles;

namespace AcmPowerShell;

/// <summary>Makes a profile of a namespace that another program is configured for.</summary>
internal abstract class NamespaceImport
{
    private readonly ProfileFile _file;
    private readonly string _endpoint;
    private readonly string _namespace;
    private readonly string? _alias;

    /// <param name="endpoint">Its address, as the other program has it.</param>
    /// <param name="namespace">The namespace.</param>
    /// <param name="alias">What it is called there; null for nothing.</param>
    /// <param name="file">The profiles that there are.</param>
    /// <param name="planned">Names that other namespaces will get.</param>
    private protected NamespaceImport(string endpoint, string @namespace, string? alias, ProfileFile file, IReadOnlyCollection<string> planned)
    {
        _file = file;
        _endpoint = endpoint;
        _namespace = @namespace;
        _alias = alias;
        IReadOnlyList<StoredProfile> found = file.FindAll(endpoint, @namespace);
        Same = found.Count > 0 ? found[0] : null;
        Name = Same?.Name ?? NewName(planned);
    }

    /// <summary>The name that the profile has, or gets: its alias, unless that is no name here or is taken.</summary>
    internal string Name { get; }

    /// <summary>Whether there is a profile of the namespace already.</summary>
    internal bool Exists => Same is not null;

    /// <summary>Whether it is the one in use where no profile is the default yet.</summary>
    private protected virtual bool IsCurrent => false;

    /// <summary>The profile that there is; null for none.</summary>
    private protected StoredProfile? Same { get; }

    /// <summary>Adds the profile, or changes the one that is there.</summary>
    /// <exception cref="InvalidSettingException">Nothing can be connected with what the file says; nothing is kept of it.</exception>
    internal ProfileImport Take(bool updates)
    {
        if (Same is not null && !updates) return Outcome(ProfileImportStatus.Skipped, "Kept; -Force updates it.");

        var taken = new List<string>();
        ConnectionSettings settings = Same is null ? new ConnectionSettings() : ConnectionOptions.ToConnection(Same, withSecrets: false);
        Apply(settings, taken);
        settings.Check();

        StoredProfile profile = Same ?? _file.Add(Name);
        ConnectionOptions.Store(settings, profile, IsGiven);
        if (IsCurrent) _file.Default ??= Name;
        return Outcome(Same is null ? ProfileImportStatus.Added : ProfileImportStatus.Updated, taken.Count == 0 ? "No credentials." : string.Join(", ", taken) + ".");
    }

    /// <summary>Sets a connection to what the other program has.</summary>
    /// <param name="settings">The connection.</param>
    /// <param name="taken">Gets what was taken, as the user is told it. Names secrets, shows none.</param>
    private protected abstract void Apply(ConnectionSettings settings, List<string> taken);

    /// <summary>Whether the other program has the option of a parameter.</summary>
    private protected abstract bool IsGiven(string parameter);

    private string NewName(IReadOnlyCollection<string> planned)
    {
        if (_alias is not null && ProfileName.Fault(_alias) is null && !IsTaken(_alias)) return _alias;
        if (ProfileName.For(_endpoint, _namespace, IsTaken) is { } name) return name;

        int number = 1;
        while (IsTaken($"profile-{number}")) number++;
        return $"profile-{number}";

        bool IsTaken(string text) => _file.Find(text) is not null || planned.Contains(text);
    }

    private ProfileImport Outcome(ProfileImportStatus status, string detail) => new(Name, _endpoint, _namespace, status, detail)
    {
        RenamedFrom = status == ProfileImportStatus.Added && !string.IsNullOrEmpty(_alias) && _alias != Name ? _alias : null,
    };
}
