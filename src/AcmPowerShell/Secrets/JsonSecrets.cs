using System.Text;
using System.Text.Json;

namespace AcmPowerShell;

/// <summary>Finds the positions of secret values in JSON.</summary>
internal static class JsonSecrets
{
    private static readonly string[] Labels = ["name", "key", "id", "variable"];

    /// <summary>Adds the positions of secrets. Returns false and adds nothing if the text is not a JSON object or array.</summary>
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
            // Utf8JsonReader throws InvalidOperationException for an escaped lone surrogate.
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

        // In {"name":"DB_PASSWORD","value":"..."}, the secret name is itself a value.
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

        // With escapes, positions in the value differ from those in the text, so the whole value is secret.
        if (isPlain) found.AddRange(within.Select(span => new TextSpan(inner.Start + span.Start, inner.Start + span.End)));
        else found.Add(inner);
    }

    private sealed class Level
    {
        /// <summary>Gets whether the whole object or array is secret because of an outer name.</summary>
        public bool IsSecret { get; init; }

        public bool HasName { get; set; }

        public bool IsNameSecret { get; set; }

        public bool IsLabelled { get; set; }

        public List<TextSpan> Values { get; } = [];

        public bool IsValueSecret => IsSecret || (HasName && IsNameSecret);
    }

    /// <summary>Converts byte positions in UTF-8 to positions in the text. They must be requested in ascending order.</summary>
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
                    // A lone surrogate is encoded as U+FFFD, which also has three bytes.
                    _byte += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
                }
            }

            return _index;
        }
    }
}
