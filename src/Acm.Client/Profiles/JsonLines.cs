using System.Text.Json;

namespace Acm.Client.Profiles;

/// <summary>The line numbers of JSON properties, for error messages. Duplicate names are an error.</summary>
internal sealed class JsonLines
{
    private const char Separator = '\0';
    private const int DeepestNesting = 32;

    private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal);

    private JsonLines()
    {
    }

    /// <summary>Reads a JSON text.</summary>
    /// <exception cref="JsonException">The text is not valid JSON; its line number starts at 0.</exception>
    public static JsonLines Of(byte[] json)
    {
        var result = new JsonLines();
        var path = new Stack<string>();
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = DeepestNesting });
        int line = 1;
        int counted = 0;
        int lists = 0;
        while (reader.Read())
        {
            for (; counted < reader.TokenStartIndex; counted++)
                if (json[counted] == (byte)'\n') line++;

            // Properties inside an array have the line of the array.
            if (reader.TokenType == JsonTokenType.StartArray) lists++;
            string? text = reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String ? TextOf(ref reader, line) : null;
            if (lists == 0) result.Follow(path, reader.TokenType, text, line);
            if (reader.TokenType == JsonTokenType.EndArray && --lists == 0 && path.Count > 0) path.Pop();
        }

        return result;
    }

    /// <summary>Returns the line of a property, or else of its closest ancestor, starting at 1.</summary>
    public int LineOf(params string[] path)
    {
        for (int length = path.Length; length > 0; length--)
            if (_lines.TryGetValue(string.Join(Separator.ToString(), path, 0, length), out int line)) return line;
        return 1;
    }

    private static string TextOf(ref Utf8JsonReader reader, int line)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("A text is not valid UTF-8.", null, line - 1, null, e);
        }
    }

    private void Follow(Stack<string> path, JsonTokenType token, string? text, int line)
    {
        if (token == JsonTokenType.PropertyName)
        {
            path.Push((path.Count == 0 ? "" : path.Peek() + Separator) + text);
            if (_lines.ContainsKey(path.Peek())) throw new JsonException("A name occurs twice.", null, line - 1, null);

            _lines.Add(path.Peek(), line);
        }
        else if (token != JsonTokenType.StartObject && path.Count > 0)
        {
            path.Pop();
        }
    }
}
