using System.Text;
using System.Text.Json;

namespace AcmPowerShell;

/// <summary>The secret values of a JSON text, by where they stand in it.</summary>
internal static class JsonSecrets
{
    private static readonly string[] Labels = ["name", "key", "id", "variable"];

    /// <summary>Adds the secrets; false, and nothing added, where the text is not a JSON object or array.</summary>
    internal static bool TryFind(string text, SecretNames names, List<TextSpan> spans)
    {
        int first = 0;
        while (first < text.Length && (char.IsWhiteSpace(text[first]) || text[first] == '\uFEFF')) first++;
        if (first == text.Length || text[first] is not ('{' or '[')) return false;

        var found = new List<TextSpan>();
        try
        {
            Walk(text, names, found);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: an escape that is half of a surrogate pair.
            return false;
        }

        spans.AddRange(found);
        return true;
    }

    private static void Walk(string text, SecretNames names, List<TextSpan> found)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 256 });
        var place = new CharacterPlace(text);
        var levels = new Stack<Level>();
        var path = new List<string>();
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    Level level = levels.Peek();
                    if (level.HasName) path.RemoveAt(path.Count - 1);
                    path.Add(reader.GetString()!);
                    level.HasName = true;
                    level.IsNameSecret = names.Matches(path);
                    break;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    levels.Push(new Level { IsSecret = levels.Count > 0 && levels.Peek().IsValueSecret });
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    Level ended = levels.Pop();
                    if (ended.HasName) path.RemoveAt(path.Count - 1);
                    if (ended.IsLabelled) found.AddRange(ended.Values);
                    break;
                case JsonTokenType.String:
                    TextSpan inner = place.Of((int)reader.TokenStartIndex + 1, (int)reader.BytesConsumed - 1);
                    AddString(reader.GetString()!, inner, text, path, levels.Peek(), names, found);
                    break;
                case JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False when levels.Peek().IsValueSecret:
                    found.Add(place.Of((int)reader.TokenStartIndex, (int)reader.BytesConsumed));
                    break;
            }
        }
    }

    private static void AddString(string value, TextSpan inner, string text, List<string> path, Level level, SecretNames names, List<TextSpan> found)
    {
        if (inner.Length == 0) return;

        // {"name":"DB_PASSWORD","value":"..."}: the name is a value here.
        if (level.HasName && Labels.Contains(path[^1], StringComparer.OrdinalIgnoreCase) && names.Matches(value)) level.IsLabelled = true;
        else if (level.HasName && path[^1].EndsWith("value", StringComparison.OrdinalIgnoreCase)) level.Values.Add(inner);

        if (level.IsValueSecret)
        {
            found.Add(inner);
            return;
        }

        bool isPlain = inner.Length == value.Length;
        var within = new List<TextSpan>();
        if (!TryFind(value, names, within)) ValueSecrets.Find(value, 0, value.Length, names, within);
        if (within.Count == 0) return;

        // With escapes in it a place in the value is no place in the text.
        if (isPlain) found.AddRange(within.Select(span => new TextSpan(inner.Start + span.Start, inner.Start + span.End)));
        else found.Add(inner);
    }

    private sealed class Level
    {
        /// <summary>Whether all of the object or array is secret, by a name outside.</summary>
        public bool IsSecret { get; init; }

        public bool HasName { get; set; }

        public bool IsNameSecret { get; set; }

        public bool IsLabelled { get; set; }

        public List<TextSpan> Values { get; } = [];

        public bool IsValueSecret => IsSecret || (HasName && IsNameSecret);
    }

    /// <summary>Turns places in UTF-8 into places in the text. They are asked for in ascending order.</summary>
    private sealed class CharacterPlace(string text)
    {
        private int _byte;
        private int _index;

        public TextSpan Of(int start, int end) => new(IndexOf(start), IndexOf(end));

        private int IndexOf(int target)
        {
            while (_byte < target && _index < text.Length)
            {
                char c = text[_index++];
                if (char.IsHighSurrogate(c) && _index < text.Length && char.IsLowSurrogate(text[_index]))
                {
                    _index++;
                    _byte += 4;
                }
                else
                {
                    // Half of a pair becomes U+FFFD, which has three bytes as well.
                    _byte += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
                }
            }

            return _index;
        }
    }
}
