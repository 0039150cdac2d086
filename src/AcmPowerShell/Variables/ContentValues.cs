using System.Globalization;
using System.Text.Json;

namespace AcmPowerShell;

/// <summary>Parses the content of a configuration into values with paths.</summary>
internal static class ContentValues
{
    /// <summary>Maximum depth of JsonDocument.</summary>
    private const int MaxDepth = 64;

    /// <summary>Returns the format for the extension of a data ID.</summary>
    internal static AcmContentFormat FormatOf(string dataId) =>
        dataId.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? AcmContentFormat.Json
        : dataId.EndsWith(".properties", StringComparison.OrdinalIgnoreCase) ? AcmContentFormat.Properties
        : dataId.EndsWith(".env", StringComparison.OrdinalIgnoreCase) ? AcmContentFormat.DotEnv
        : AcmContentFormat.Text;

    /// <summary>Returns the values in order. The whole content has an empty path.</summary>
    /// <exception cref="FormatException">The text is not valid in the format. The message contains the position, but no content.</exception>
    internal static List<ContentValue> Read(string content, AcmContentFormat format) => format switch
    {
        AcmContentFormat.Json => ReadJson(content),
        AcmContentFormat.Properties => PropertiesText.Read(content),
        AcmContentFormat.DotEnv => DotEnvText.Read(content),
        _ => [new ContentValue([], content)],
    };

    /// <summary>Returns the values like <see cref="Read"/>, or none if the text is not valid in the format.</summary>
    internal static List<ContentValue> TryRead(string content, AcmContentFormat format)
    {
        try
        {
            return Read(content, format);
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            // Utf8JsonReader throws InvalidOperationException for an escaped lone surrogate.
            return [];
        }
    }

    /// <summary>Returns the paths of empty lists and objects in JSON, which have no values.</summary>
    internal static List<string> EmptyPaths(string content, AcmContentFormat format)
    {
        var paths = new List<string>();
        if (format != AcmContentFormat.Json) return paths;

        using JsonDocument document = JsonDocument.Parse(content, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        FindEmpty(document.RootElement, "", paths);
        return paths;
    }

    private static void FindEmpty(JsonElement element, string path, List<string> paths)
    {
        IEnumerable<(string Name, JsonElement Value)> within = element.ValueKind switch
        {
            JsonValueKind.Object => element.EnumerateObject().Select(property => (property.Name, property.Value)),
            JsonValueKind.Array => element.EnumerateArray().Select((item, index) => (index.ToString(CultureInfo.InvariantCulture), item)),
            _ => [],
        };
        bool isEmpty = element.ValueKind is JsonValueKind.Object or JsonValueKind.Array;
        foreach ((string name, JsonElement value) in within)
        {
            isEmpty = false;
            FindEmpty(value, path.Length == 0 ? name : path + "." + name, paths);
        }

        if (isEmpty) paths.Add(path);
    }

    private static List<ContentValue> ReadJson(string content)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(content, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw new FormatException("The JSON is not an object.");

            var values = new List<ContentValue>();
            Walk(document.RootElement, [], values);
            return values;
        }
        catch (JsonException e)
        {
            // Without the original message, because it can quote the content.
            throw new FormatException(IsTooDeep(e)
                ? $"Its JSON is nested deeper than {MaxDepth} levels."
                : string.Format(CultureInfo.InvariantCulture, "It is not valid JSON: error at line {0}, byte {1}.", e.LineNumber + 1, e.BytePositionInLine + 1));
        }
        catch (InvalidOperationException e)
        {
            throw new FormatException("Its JSON holds an escape for half of a surrogate pair, which is not valid text.", e);
        }
    }

    // JsonException has no error code.
    private static bool IsTooDeep(JsonException error) => error.Message.Contains($"depth of {MaxDepth}");

    private static void Walk(JsonElement element, string[] path, List<ContentValue> values)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty property in element.EnumerateObject()) Walk(property.Value, [.. path, property.Name], values);
                break;
            case JsonValueKind.Array:
                int index = 0;
                foreach (JsonElement item in element.EnumerateArray()) Walk(item, [.. path, (index++).ToString(CultureInfo.InvariantCulture)], values);
                break;
            case JsonValueKind.String:
                values.Add(new ContentValue(path, element.GetString()!));
                break;
            case JsonValueKind.Null:
                values.Add(new ContentValue(path, ""));
                break;
            default:
                // Numbers are kept as written.
                values.Add(new ContentValue(path, element.GetRawText()));
                break;
        }
    }
}
