using System.Text.Json;
using Acm.Client.Text;

namespace Acm.Client;

/// <summary>The metadata that servers store with a configuration. Null means unsupported by the protocol, unknown, or not specified. Immutable.</summary>
internal sealed record ConfigMetadata
{
    public static readonly ConfigMetadata None = new();

    private const string DataKeyName = "encryptedDataKey";

    /// <summary>The properties, in output order.</summary>
    private static readonly Field[] Fields =
    [
        new(MetadataFields.Type, "type", data => data.Type, (data, value) => data with { Type = value }),
        new(MetadataFields.Tags, "tags", data => data.Tags, (data, value) => data with { Tags = value }),
        new(MetadataFields.Description, "description", data => data.Description, (data, value) => data with { Description = value }),
        new(MetadataFields.AppName, "appName", data => data.AppName, (data, value) => data with { AppName = value }),
        new(MetadataFields.Schema, "schema", data => data.Schema, (data, value) => data with { Schema = value }),
        new(MetadataFields.Use, "use", data => data.Use, (data, value) => data with { Use = value }),
        new(MetadataFields.Rest, "rest", data => data.Rest, (data, value) => data with { Rest = value }),
        new(MetadataFields.None, DataKeyName, data => data.EncryptedDataKey, (data, value) => data with { EncryptedDataKey = value }),
    ];

    /// <summary>Gets the format of the content, such as <c>yaml</c>.</summary>
    public string? Type { get; init; }

    /// <summary>Gets the tags, separated by commas.</summary>
    public string? Tags { get; init; }

    public string? Description { get; init; }

    /// <summary>Gets the application name.</summary>
    public string? AppName { get; init; }

    public string? Schema { get; init; }

    public string? Use { get; init; }

    /// <summary>Gets further protocol-specific metadata in an opaque form.</summary>
    public string? Rest { get; init; }

    /// <summary>Gets the encrypted data key of envelope-encrypted content.</summary>
    public string? EncryptedDataKey { get; init; }

    public static ConfigMetadata OfDataKey(string? encryptedDataKey) => encryptedDataKey is null ? None : new() { EncryptedDataKey = encryptedDataKey };

    /// <summary>Reads properties written by <see cref="Write"/>. Unknown properties are ignored.</summary>
    public static ConfigMetadata Read(JsonElement json)
    {
        ConfigMetadata data = None;
        foreach (Field field in Fields)
        {
            if (JsonText.Text(json, field.Name) is { } value) data = field.Set(data, value);
        }

        return data;
    }

    /// <summary>Writes the specified properties into the current JSON object.</summary>
    public void Write(Utf8JsonWriter json)
    {
        foreach (Field field in Fields)
        {
            if (field.Get(this) is { } value) json.WriteString(field.Name, value);
        }
    }

    /// <summary>Returns a copy with unspecified properties taken from another. The data key is excluded, because it belongs to the content.</summary>
    public ConfigMetadata Or(ConfigMetadata other)
    {
        ConfigMetadata data = this;
        foreach (Field field in Fields)
        {
            if (field.Get(data) is null && field.Get(other) is { } value) data = field.Set(data, value);
        }

        return data.EncryptedDataKey == EncryptedDataKey ? data : data with { EncryptedDataKey = EncryptedDataKey };
    }

    /// <summary>Returns whether all specified properties have the same values in another. The data keys must be equal.</summary>
    public bool IsIn(ConfigMetadata other) => EncryptedDataKey == other.EncryptedDataKey && Or(other) == other;

    /// <summary>Gets whether anything but the data key is specified.</summary>
    public bool IsGiven => this != OfDataKey(EncryptedDataKey);

    /// <summary>Returns a copy with the selected properties and the data key.</summary>
    public ConfigMetadata Only(MetadataFields fields) =>
        Fields.Where(field => field.Flag != MetadataFields.None && (fields & field.Flag) != 0 && field.Get(this) is not null)
            .Aggregate(OfDataKey(EncryptedDataKey), (data, field) => field.Set(data, field.Get(this)!));

    /// <summary>Returns what publishing this metadata would change in another, except for the data key.</summary>
    /// <param name="other">The current metadata.</param>
    /// <param name="isComplete">Whether <paramref name="other"/> is complete; otherwise a missing property is unknown.</param>
    public IEnumerable<MetadataChange> ChangesOf(ConfigMetadata other, bool isComplete)
    {
        foreach (Field field in Fields)
        {
            if (field.Flag == MetadataFields.None || field.Get(this) is not { } value) continue;

            string? old = field.Get(other);
            if (old is null && (!isComplete || value.Length == 0)) continue;
            if (old is null || !IsSame(field.Flag, old, value)) yield return new MetadataChange(field.Name, old ?? "", value);
        }
    }

    /// <summary>Compares two values of a property. Servers may reorder tags.</summary>
    private static bool IsSame(MetadataFields field, string one, string other) =>
        one == other || (field == MetadataFields.Tags && new HashSet<string>(one.Split(','), StringComparer.Ordinal).SetEquals(other.Split(',')));

    private sealed record Field(MetadataFields Flag, string Name, Func<ConfigMetadata, string?> Get, Func<ConfigMetadata, string, ConfigMetadata> Set);
}
