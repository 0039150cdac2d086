using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Acm.Client.Profiles;

/// <summary>
/// A profile: named settings (text, switch, number or list of texts) and named secrets. The caller defines which exist;
/// a value of an unexpected type is an error that names its line. <see cref="ToString"/> does not reveal secrets.
/// </summary>
public sealed class StoredProfile
{
    /// <summary>The setting with the server or address server.</summary>
    public const string EndpointField = "endpoint";

    /// <summary>The setting with the namespace.</summary>
    public const string NamespaceField = "namespace";

    private const string UpdatedField = "updated";
    private const string SecretsField = "secrets";
    private const string BareForm = "text";

    private readonly ProfileFile _file;
    private readonly JsonObject _json;
    private readonly ISecretProtection? _protection;
    private bool _changed;

    internal StoredProfile(ProfileFile file, string name, JsonObject json, ISecretProtection? protection)
    {
        _file = file;
        _json = json;
        _protection = protection;
        Name = name;
    }

    /// <summary>Gets the name.</summary>
    public string Name { get; }

    /// <summary>Gets the server or address server, several separated by commas; null if there is none.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidProfile"/>: the value is not text.</exception>
    public string? Endpoint => Texts(EndpointField) is { } servers ? string.Join(",", servers) : null;

    /// <summary>Gets the namespace ID; empty for the default namespace in any spelling.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidProfile"/>: the value is not text.</exception>
    public string Namespace => NamespaceName.Normalize(Text(NamespaceField));

    /// <summary>Gets when the profile was last changed; null if unknown.</summary>
    public DateTimeOffset? Updated =>
        Text(UpdatedField) is { } text && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out DateTimeOffset time) ? time : null;

    /// <summary>Gets the names of the secrets.</summary>
    public IReadOnlyList<string> SecretNames => _json[SecretsField] is JsonObject secrets ? [.. secrets.Select(s => s.Key)] : [];

    internal bool HoldsBareSecrets => _json[SecretsField] is JsonObject secrets && secrets.Any(s => s.Value is JsonObject form && form.ContainsKey(BareForm));

    /// <summary>Returns a text setting; null if it does not exist.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidProfile"/>: the value has another type.</exception>
    public string? Text(string setting) => Value(setting, JsonValueKind.String, "text")?.GetValue<string>();

    /// <summary>Returns a switch; null if it does not exist.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidProfile"/>: the value has another type.</exception>
    public bool? Switch(string setting) => _json[setting] switch
    {
        null => null,
        JsonValue value when value.TryGetValue(out bool on) => on,
        _ => throw Fault(setting, "is neither true nor false"),
    };

    /// <summary>Returns a number; null if it does not exist.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidProfile"/>: the value has another type.</exception>
    public double? Number(string setting) => Value(setting, JsonValueKind.Number, "a number")?.GetValue<double>();

    /// <summary>Returns a list of texts; a single text is a list of one. Null if it does not exist.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidProfile"/>: the value has another type.</exception>
    public IReadOnlyList<string>? Texts(string setting) => _json[setting] switch
    {
        null => null,
        JsonArray list when list.All(item => item?.GetValueKind() == JsonValueKind.String) => [.. list.Select(item => item!.GetValue<string>())],
        JsonArray => throw Fault(setting, "is not a list of texts"),
        _ => [Text(setting)!],
    };

    /// <summary>Sets a text; null removes it.</summary>
    public void Set(string setting, string? value) => Put(setting, value is null ? null : JsonValue.Create(value));

    /// <summary>Sets a switch.</summary>
    public void Set(string setting, bool value) => Put(setting, JsonValue.Create(value));

    /// <summary>Sets a number.</summary>
    public void Set(string setting, double value) => Put(setting, JsonValue.Create(value));

    /// <summary>Sets a list of texts.</summary>
    public void Set(string setting, IReadOnlyList<string> value) => Put(setting, new JsonArray([.. value.Select(text => (JsonNode)JsonValue.Create(text))]));

    /// <summary>Returns a secret; null if it does not exist.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidProfile"/>: it was protected by another user or on another machine.</exception>
    public string? Secret(string name)
    {
        if (_json[SecretsField] is not JsonObject secrets || secrets[name] is not JsonObject form) return null;
        if (form.ContainsKey(BareForm)) return form[BareForm]!.GetValue<string>();

        if (_protection is null || !form.ContainsKey(_protection.Name)) throw SecretFault(name, "has a secret that this platform can't read");

        try
        {
            return _protection.Unprotect(form[_protection.Name]!.GetValue<string>());
        }
        catch (Exception e) when (e is Win32Exception or FormatException)
        {
            throw SecretFault(name, "has a secret that another user or another machine protected");
        }
    }

    /// <summary>Sets a secret, protected by the platform if possible; null removes it.</summary>
    public void SetSecret(string name, string? secret)
    {
        var secrets = _json[SecretsField] as JsonObject;
        if (secret is null)
        {
            if (secrets is null || !secrets.Remove(name)) return;
            if (secrets.Count == 0) _json.Remove(SecretsField);
            _changed = true;
            return;
        }

        if (secrets is null) _json[SecretsField] = secrets = [];
        else if (Keeps(name, secret)) return;

        secrets[name] = new JsonObject { [_protection?.Name ?? BareForm] = _protection?.Protect(secret) ?? secret };
        _changed = true;
    }

    /// <summary>Returns an error that names the line of a setting.</summary>
    /// <param name="setting">The setting.</param>
    /// <param name="problem">The problem, such as "is not a number".</param>
    public AcmException Fault(string setting, string problem) =>
        _file.FaultInProfile($"has a \"{setting}\" of profile '{Name}' that {problem}", Name, setting);

    /// <summary>Returns the name.</summary>
    public override string ToString() => Name;

    /// <summary>Updates the time of the last change, if the profile was changed.</summary>
    internal bool Stamp(DateTimeOffset now)
    {
        if (!_changed) return false;

        _json[UpdatedField] = now.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        _changed = false;
        return true;
    }

    internal void CheckSecrets()
    {
        if (_json[SecretsField] is not { } node) return;
        if (node is not JsonObject secrets) throw Fault(SecretsField, "is not an object");

        foreach (KeyValuePair<string, JsonNode?> secret in secrets)
        {
            if (secret.Value is not JsonObject form || form.Count == 0 || form.Any(f => f.Value?.GetValueKind() != JsonValueKind.String))
                throw _file.FaultInProfile($"has a secret '{secret.Key}' of profile '{Name}' that is not an object with a text", Name, SecretsField, secret.Key);
        }
    }

    // Compared in plain text, because protecting a secret again gives another result.
    private bool Keeps(string name, string secret)
    {
        try
        {
            return Secret(name) == secret;
        }
        catch (AcmException)
        {
            return false;
        }
    }

    private JsonNode? Value(string setting, JsonValueKind kind, string what)
    {
        JsonNode? node = _json[setting];
        return node is null || node.GetValueKind() == kind ? node : throw Fault(setting, "is not " + what);
    }

    private void Put(string setting, JsonNode? value)
    {
        if (value is null ? !_json.ContainsKey(setting) : JsonNode.DeepEquals(_json[setting], value)) return;

        if (value is null) _json.Remove(setting);
        else _json[setting] = value;
        _changed = true;
    }

    private AcmException SecretFault(string name, string problem) => new(
        AcmErrorKind.InvalidProfile, $"The profile '{Name}' {problem}: '{name}' in '{_file.Path}'.");
}
