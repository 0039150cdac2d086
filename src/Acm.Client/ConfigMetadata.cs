using System.Text.Json;
using Acm.Client.Text;

namespace Acm.Client;

/// <summary>What servers store with the content of a configuration. Null is what a dialect has no place for, what is not known, or what is not given. Immutable.</summary>
internal sealed record ConfigMetadata
{
    public static readonly ConfigMetadata None = new();

    private const string DataKeyName = "encryptedDataKey";

    /// <summary>The properties, in the order in which they are written.</summary>
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

    /// <summary>The format of the content, as <c>yaml</c>.</summary>
    public string? Type { get; init; }

    /// <summary>Tags, separated by commas.</summary>
    public string? Tags { get; init; }

    public string? Description { get; init; }

    /// <summary>The name of the application that it belongs to.</summary>
    public string? AppName { get; init; }

    public string? Schema { get; init; }

    public string? Use { get; init; }

    /// <summary>What else a dialect stores, in a form that only it reads.</summary>
    public string? Rest { get; init; }

    /// <summary>The data key that travels beside the cipher text of an envelope.</summary>
    public string? EncryptedDataKey { get; init; }

    public static ConfigMetadata OfDataKey(string? encryptedDataKey) => encryptedDataKey is null ? None : new() { EncryptedDataKey = encryptedDataKey };

    /// <summary>Reads what <see cref="Write"/> wrote. Unknown properties are ignored.</summary>
    public static ConfigMetadata Read(JsonElement json)
    {
        ConfigMetadata data = None;
        foreach (Field field in Fields)
        {
            if (JsonText.Text(json, field.Name) is { } value) data = field.Set(data, value);
        }

        return data;
    }

    /// <summary>Writes what is given as properties of the current object.</summary>
    public void Write(Utf8JsonWriter json)
    {
        foreach (Field field in Fields)
        {
            if (field.Get(this) is { } value) json.WriteString(field.Name, value);
        }
    }

    /// <summary>This, with what is not given taken from another. The data key is not: it belongs to its content.</summary>
    public ConfigMetadata Or(ConfigMetadata other)
    {
        ConfigMetadata data = this;
        foreach (Field field in Fields)
        {
            if (field.Get(data) is null && field.Get(other) is { } value) data = field.Set(data, value);
        }

        return data.EncryptedDataKey == EncryptedDataKey ? data : data with { EncryptedDataKey = EncryptedDataKey };
    }

    /// <summary>Whether everything that is given is so in another. The data keys have to be the same.</summary>
    public bool IsIn(ConfigMetadata other) => EncryptedDataKey == other.EncryptedDataKey && Or(other) == other;

    /// <summary>Whether anything is given that does not belong to the content.</summary>
    public bool IsGiven => this != OfDataKey(EncryptedDataKey);

    /// <summary>This without the properties that are not among some. The data key stays.</summary>
    public ConfigMetadata Only(MetadataFields fields) =>
        Fields.Where(field => field.Flag != MetadataFields.None && (fields & field.Flag) != 0 && field.Get(this) is not null)
            .Aggregate(OfDataKey(EncryptedDataKey), (data, field) => field.Set(data, field.Get(this)!));

    /// <summary>What publishing this would change of another; the data key aside, which belongs to the content.</summary>
    /// <param name="other">What is there.</param>
    /// <param name="isComplete">Whether the other has all that is stored. Else what it lacks is not known.</param>
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

    /// <summary>Whether two values of a property are one. Servers list tags in an order of their own.</summary>
    private static bool IsSame(MetadataFields field, string one, string other) =>
        one == other || (field == MetadataFields.Tags && new HashSet<string>(one.Split(','), StringComparer.Ordinal).SetEquals(other.Split(',')));

    private sealed record Field(MetadataFields Flag, string Name, Func<ConfigMetadata, string?> Get, Func<ConfigMetadata, string, ConfigMetadata> Set);
}
