using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Acm.Client.Text;

namespace Acm.Client.Profiles;

/// <summary>The profiles of a file. Unknown content is preserved. Not thread-safe.</summary>
public sealed class ProfileFile
{
    private const int Version = 1;
    private const string PublicEndpoint = "acm.aliyun.com";
    private const string VersionField = "version";
    private const string DefaultField = "default";
    private const string ProfilesField = "profiles";

    // Names and paths stay readable; HTML escaping is not needed.
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly JsonObject _root;
    private readonly JsonLines _lines;
    private readonly List<StoredProfile> _profiles = [];
    private readonly ISecretProtection? _protection;
    private bool _changed;

    private ProfileFile(string path, JsonObject root, JsonLines lines, ISecretProtection? protection)
    {
        Path = path;
        _root = root;
        _lines = lines;
        _protection = protection;
    }

    /// <summary>Gets the path of the file.</summary>
    public string Path { get; }

    /// <summary>Gets the profiles, in the order in which they were added.</summary>
    public IReadOnlyList<StoredProfile> Profiles => _profiles;

    /// <summary>Gets or sets the name of the default profile; null for none.</summary>
    public string? Default
    {
        get => (string?)_root[DefaultField];
        set
        {
            if (Default == value) return;

            _root[DefaultField] = value;
            _changed = true;
        }
    }

    /// <summary>Gets whether the file contains secrets that only its permissions protect.</summary>
    internal bool HoldsBareSecrets => _profiles.Any(profile => profile.HoldsBareSecrets);

    /// <summary>Returns the profile with a name, case-sensitive; null if there is none.</summary>
    public StoredProfile? Find(string name) => _profiles.Find(profile => string.Equals(profile.Name, name, StringComparison.Ordinal));

    /// <summary>
    /// Finds the profile with a name, otherwise those for <c>endpoint:namespace</c>, case-sensitive, with the default namespace as <c>[default]</c>, <c>public</c> or empty.
    /// A text without a colon that is not a profile name is a namespace of <c>acm.aliyun.com</c>, as in the Python command line.
    /// </summary>
    /// <returns>None, one, or several profiles for the same namespace.</returns>
    public IReadOnlyList<StoredProfile> Resolve(string text)
    {
        if (Find(text) is { } named) return [named];

        // Endpoints and namespaces may contain colons, so the text is compared with the profiles instead of being split.
        return text.IndexOf(':') < 0
            ? FindAll(PublicEndpoint, text)
            : _profiles.FindAll(profile => profile.Endpoint is { } endpoint
                && text.StartsWith(endpoint + ":", StringComparison.Ordinal)
                && IsNamespace(profile, text.Substring(endpoint.Length + 1)));
    }

    /// <summary>Returns the profiles for a namespace of an endpoint.</summary>
    public IReadOnlyList<StoredProfile> FindAll(string endpoint, string @namespace) =>
        _profiles.FindAll(profile => string.Equals(profile.Endpoint, endpoint, StringComparison.Ordinal) && IsNamespace(profile, @namespace));

    /// <summary>Adds an empty profile.</summary>
    /// <exception cref="ArgumentException">The name is not valid or already exists.</exception>
    public StoredProfile Add(string name)
    {
        if (ProfileName.Fault(name) is { } fault) throw new ArgumentException(fault, nameof(name));
        if (Find(name) is not null) throw new ArgumentException($"The profile '{name}' already exists.", nameof(name));

        var json = new JsonObject();
        ((JsonObject)_root[ProfilesField]!).Add(name, json);
        var profile = new StoredProfile(this, name, json, _protection);
        _profiles.Add(profile);
        _changed = true;
        return profile;
    }

    /// <summary>Removes a profile, also as the default.</summary>
    /// <returns>Whether it existed.</returns>
    public bool Remove(string name)
    {
        if (Find(name) is not { } profile) return false;

        _profiles.Remove(profile);
        ((JsonObject)_root[ProfilesField]!).Remove(name);
        if (Default == name) Default = null;
        _changed = true;
        return true;
    }

    internal static ProfileFile Empty(string path, ISecretProtection? protection) => new(
        path, new JsonObject { [VersionField] = Version, [ProfilesField] = new JsonObject() }, JsonLines.Of("{}"u8.ToArray()), protection);

    internal static ProfileFile Parse(string path, byte[] bytes, ISecretProtection? protection)
    {
        byte[] json = StrictUtf8.WithoutByteOrderMark(bytes);
        JsonLines lines;
        try
        {
            lines = JsonLines.Of(json);
        }
        catch (JsonException e)
        {
            // The inner exception is dropped: its message may quote a secret.
            throw Damaged(path, (int)(e.LineNumber ?? 0) + 1, "is not valid JSON, or has a duplicate name");
        }

        if (JsonNode.Parse(json) is not JsonObject root) throw Damaged(path, 1, "is not a JSON object");

        var file = new ProfileFile(path, root, lines, protection);
        file.Load();
        return file;
    }

    /// <summary>Returns the content to write; null if nothing changed.</summary>
    internal byte[]? TakeChanges(DateTimeOffset now)
    {
        foreach (StoredProfile profile in _profiles) _changed |= profile.Stamp(now);
        if (!_changed) return null;

        _changed = false;
        return [.. JsonSerializer.SerializeToUtf8Bytes(_root, Format), (byte)'\n'];
    }

    internal AcmException Fault(string problem, params string[] path) => Damaged(Path, _lines.LineOf(path), problem);

    internal AcmException FaultInProfile(string problem, params string[] path) => Fault(problem, [ProfilesField, .. path]);

    private static bool IsNamespace(StoredProfile profile, string text) =>
        string.Equals(profile.Namespace, NamespaceName.Normalize(text), StringComparison.Ordinal);

    private static AcmException Damaged(string path, int line, string problem) => new(
        AcmErrorKind.InvalidProfile, $"The profile file '{path}' {problem}, on line {line}.")
    {
        Advice = "The file was not changed. Fix that line, or move the file away and add the profiles again.",
    };

    private void Load()
    {
        if (_root[VersionField] is not JsonValue number || !number.TryGetValue(out int version) || version < 1)
            throw Fault($"has no valid version in \"{VersionField}\": {Version}", VersionField);
        if (version > Version) throw Fault($"has version {version}: a later version of this module wrote it, and this version would lose data", VersionField);
        if (_root[DefaultField] is { } chosen && chosen.GetValueKind() != JsonValueKind.String) throw Fault($"has a \"{DefaultField}\" that is not text", DefaultField);
        if (_root[ProfilesField] is not JsonObject profiles) throw Fault($"has no object \"{ProfilesField}\"", ProfilesField);

        foreach (KeyValuePair<string, JsonNode?> entry in profiles)
        {
            if (entry.Value is not JsonObject json) throw FaultInProfile($"has a profile '{entry.Key}' that is not an object", entry.Key);

            var profile = new StoredProfile(this, entry.Key, json, _protection);
            profile.CheckSecrets();
            _profiles.Add(profile);
        }
    }
}
