using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Acm.Client.Text;

/// <summary>
/// Reads members of JSON that others wrote. An escape can stand for half of a surrogate pair, in a name as in a value: that is JSON, but no text, and the reader throws for it only when it is
/// asked for the text.
/// </summary>
internal static class JsonText
{
    /// <summary>How deep the reader follows objects within objects.</summary>
    public const int MaxDepth = 64;

    /// <summary>A member of an object; of several of one name the last. A member whose name is no text is passed over.</summary>
    public static bool TryGet(JsonElement json, string name, out JsonElement value)
    {
        value = default;
        if (json.ValueKind != JsonValueKind.Object) return false;

        try
        {
            return json.TryGetProperty(name, out value);
        }
        catch (InvalidOperationException)
        {
            return TryFind(json, name, out value);
        }
    }

    /// <summary>A text member of an object; null where it is absent, of another type, or no text.</summary>
    public static string? Text(JsonElement json, string name) => TryGet(json, name, out JsonElement value) ? Text(value) : null;

    /// <summary>A text; null for a value of another type, or one that is no text.</summary>
    public static string? Text(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Where JSON can't be read, as the rest of a sentence that begins with what holds it. Never what stands there: it may be a secret.</summary>
    public static string Problem(JsonException error) => IsTooDeep(error)
        ? $"is nested deeper than {MaxDepth} levels"
        : $"is not valid JSON (line {error.LineNumber + 1}, byte {error.BytePositionInLine})";

    /// <summary>Whether it is only the depth that the reader did not follow.</summary>
    [SuppressMessage("Globalization", "CA1307", Justification = "The overload with a comparison is newer than the standard; this one is ordinal.")]
    public static bool IsTooDeep(JsonException error) => error.Message.Contains($"depth of {MaxDepth}");

    private static bool TryFind(JsonElement json, string name, out JsonElement value)
    {
        bool isFound = false;
        value = default;
        foreach (JsonProperty member in json.EnumerateObject())
        {
            try
            {
                if (!member.NameEquals(name)) continue;

                value = member.Value;
                isFound = true;
            }
            catch (InvalidOperationException)
            {
                // Half of a pair in this name, which is therefore not the one that is looked for.
                continue;
            }
        }

        return isFound;
    }
}
