using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Acm.Conformance.Json;

/// <summary>
/// JSON as plain values: null, bool, <see cref="BigInteger"/>, double, string, <see cref="JsonMap"/> and <see cref="List{T}"/> of these. The
/// comparison distinguishes integers from other numbers and preserves the order of members, which .NET's types do not offer together.
/// </summary>
internal static class JsonValue
{
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 10_000 };
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static object? Parse(string text)
    {
        using var document = JsonDocument.Parse(text, Deep);
        return Read(document.RootElement);
    }

    /// <summary>Parses a JSON object or array; returns null for anything else, because plain values are compared as text.</summary>
    public static object? ParseStructure(string? text)
    {
        if (text is null || text.AsSpan().TrimStart() is not ['{' or '[', ..]) return null;

        try
        {
            return Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static double? Number(object? value) => value switch
    {
        BigInteger number => (double)number,
        double number => number,
        _ => null,
    };

    public static object? Clone(object? value) => value switch
    {
        JsonMap map => map.Clone(),
        List<object?> list => list.ConvertAll(Clone),
        _ => value,
    };

    /// <summary>Returns the kind of a value; values of different kinds are never equal.</summary>
    public static string Kind(object? value) => value switch
    {
        null => "null",
        bool => "boolean",
        BigInteger => "integer",
        double => "number",
        string => "string",
        JsonMap => "object",
        _ => "array",
    };

    public static string Write(object? value)
    {
        var text = new StringBuilder();
        Write(text, value);
        return text.ToString();
    }

    private static void Write(StringBuilder text, object? value)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case bool flag:
                text.Append(flag ? "true" : "false");
                break;
            case BigInteger number:
                text.Append(number.ToString(CultureInfo.InvariantCulture));
                break;
            case double number:
                text.Append(number.ToString("R", CultureInfo.InvariantCulture));
                break;
            case string words:
                text.Append(JsonSerializer.Serialize(words, Readable));
                break;
            case JsonMap map:
                text.Append('{');
                foreach (string name in map.Names)
                {
                    if (text[^1] != '{') text.Append(", ");
                    text.Append(JsonSerializer.Serialize(name, Readable)).Append(": ");
                    Write(text, map[name]);
                }

                text.Append('}');
                break;
            case List<object?> list:
                text.Append('[');
                for (int i = 0; i < list.Count; i++)
                {
                    if (i > 0) text.Append(", ");
                    Write(text, list[i]);
                }

                text.Append(']');
                break;
            default:
                throw new ArgumentException($"'{value.GetType()}' is not a JSON value.", nameof(value));
        }
    }

    private static object? Read(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var map = new JsonMap();
                foreach (JsonProperty member in element.EnumerateObject()) map[member.Name] = Read(member.Value);
                return map;
            case JsonValueKind.Array:
                return element.EnumerateArray().Select(Read).ToList();
            case JsonValueKind.String:
                return element.GetString();
            case JsonValueKind.Number:
                string raw = element.GetRawText();
                return raw.AsSpan().ContainsAny(".eE") ? double.Parse(raw, CultureInfo.InvariantCulture) : BigInteger.Parse(raw, CultureInfo.InvariantCulture);
            case JsonValueKind.True:
                return true;
            case JsonValueKind.False:
                return false;
            default:
                return null;
        }
    }
}
