using Acm.Client.Profiles;

namespace AcmPowerShell;

/// <summary>Imports a namespace from the configuration of another program as a profile.</summary>
internal abstract class NamespaceImport
{
    private readonly ProfileFile _file;
    private readonly string _endpoint;
    private readonly string _namespace;
    private readonly string? _alias;

    /// <summary>Plans the import.</summary>
    /// <param name="endpoint">The address in the other program's configuration.</param>
    /// <param name="namespace">The namespace.</param>
    /// <param name="alias">The name there, or null.</param>
    /// <param name="file">The existing profiles.</param>
    /// <param name="planned">Names that are planned for other namespaces.</param>
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

    /// <summary>Gets the name of the existing or new profile: the alias, unless it is in use or not a valid name.</summary>
    internal string Name { get; }

    /// <summary>Gets whether a profile for the namespace exists.</summary>
    internal bool Exists => Same is not null;

    /// <summary>Gets whether it becomes the default profile if there is none.</summary>
    private protected virtual bool IsCurrent => false;

    /// <summary>Gets the existing profile, or null.</summary>
    private protected StoredProfile? Same { get; }

    /// <summary>Adds or updates the profile.</summary>
    /// <exception cref="InvalidSettingException">The settings are not valid; nothing is saved.</exception>
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

    /// <summary>Applies the configuration of the other program to settings.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="taken">Receives descriptions of what was imported, without secrets.</param>
    private protected abstract void Apply(ConnectionSettings settings, List<string> taken);

    /// <summary>Returns whether the other program's configuration sets the option of a parameter.</summary>
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
