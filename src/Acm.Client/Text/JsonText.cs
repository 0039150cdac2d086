using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Acm.Client.Text;

/// <summary>
/// Reads members of foreign JSON. An escape for half of a surrogate pair, in a name or a value, is valid JSON but not valid text, and System.Text.Json throws only when the text is
/// accessed.
/// </summary>
internal static class JsonText
{
    /// <summary>The maximum nesting depth of the reader.</summary>
    public const int MaxDepth = 64;

    /// <summary>Gets a member of an object; if several have the name, the last one. Members whose name is not valid text are skipped.</summary>
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

    /// <summary>Returns a text member of an object; null if it is absent, of another type, or not valid text.</summary>
    public static string? Text(JsonElement json, string name) => TryGet(json, name, out JsonElement value) ? Text(value) : null;

    /// <summary>Returns a text value; null if it is of another type or not valid text.</summary>
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

    /// <summary>Describes the position of a JSON error as the end of a sentence. The content there is not quoted, because it may be secret.</summary>
    public static string Problem(JsonException error) => IsTooDeep(error)
        ? $"is nested deeper than {MaxDepth} levels"
        : $"is not valid JSON (line {error.LineNumber + 1}, byte {error.BytePositionInLine})";

    /// <summary>Returns whether the error is only that the nesting depth is exceeded.</summary>
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
                // A name with half of a surrogate pair is not the one that is searched for.
                continue;
            }
        }

        return isFound;
    }
}
