namespace Acm.Server.Storage;

/// <summary>A case-sensitive condition for a text: any, equal, or a pattern.</summary>
internal readonly record struct TextMatch
{
    private readonly string? _text;
    private readonly bool _isPattern;
    private readonly bool _starIsPlain;

    // The literal of a pattern like *name*, the most common kind.
    private readonly string? _infix;

    private TextMatch(string text, bool isPattern, bool starIsPlain = false)
    {
        _text = text;
        _isPattern = isPattern;
        _starIsPlain = starIsPlain;
        if (!isPattern) return;

        ReadOnlySpan<char> inner = text.AsSpan().Trim(starIsPlain ? "%" : "%*");
        bool isInfix = IsWild(text.AsSpan(0, 1)) && IsWild(text.AsSpan(text.Length - 1)) && inner.IndexOfAny(Wildcards) < 0;
        if (isInfix) _infix = inner.ToString();
    }

    public static TextMatch Any { get; }

    /// <summary>Gets whether every text matches.</summary>
    public bool MatchesAll => _text is null || (_isPattern && IsWild(_text));

    /// <summary>Gets the only text that matches; null for patterns.</summary>
    public string? Exact => _isPattern ? null : _text;

    /// <summary>Gets the prefix of every match.</summary>
    public string Prefix => _text is null ? "" : _isPattern ? _text[.._text.AsSpan().IndexOfAny(Wildcards)] : _text;

    /// <summary>Gets whether every text with the prefix matches.</summary>
    public bool IsPrefix => _text is null || (_isPattern && IsWild(_text.AsSpan(Prefix.Length)));

    /// <summary>Gets whether every text that contains <see cref="LongestLiteral"/> matches.</summary>
    public bool IsInfix => _infix is not null;

    /// <summary>Gets the longest literal part of the pattern.</summary>
    public string LongestLiteral
    {
        get
        {
            if (!_isPattern) return _text ?? "";

            ReadOnlySpan<char> longest = default;
            foreach (Range part in _text.AsSpan().SplitAny(Wildcards))
            {
                if (_text.AsSpan(part).Length > longest.Length) longest = _text.AsSpan(part);
            }

            return longest.ToString();
        }
    }

    private string Wildcards => _starIsPlain ? "%_" : "%_*";

    public static TextMatch Equal(string text) => new(text, isPattern: false);

    /// <summary>Returns a pattern like that of SQL's LIKE: <c>%</c> and <c>*</c> match any text, <c>_</c> matches one character, without an escape character.</summary>
    public static TextMatch Like(string pattern) => new(pattern, pattern.AsSpan().IndexOfAny("*%_") >= 0);

    /// <summary>Returns a pattern, or an exact condition; any text matches if <paramref name="text"/> is blank.</summary>
    public static TextMatch Optional(string? text, bool isPattern) =>
        string.IsNullOrWhiteSpace(text) ? Any : isPattern ? Like(text) : Equal(text);

    /// <summary>Returns a pattern like <see cref="Like"/>, but without <c>*</c> as a wildcard.</summary>
    public static TextMatch LikeWithoutStar(string pattern) => new(pattern, pattern.AsSpan().IndexOfAny("%_") >= 0, starIsPlain: true);

    public bool Matches(string text)
    {
        if (_text is null) return true;
        if (!_isPattern) return _text == text;

        return _infix is null ? IsLike(text, _text, _starIsPlain) : text.Contains(_infix, StringComparison.Ordinal);
    }

    private bool IsWild(ReadOnlySpan<char> pattern) => pattern.TrimStart(_starIsPlain ? "%" : "%*").IsEmpty;

    private static bool IsLike(string text, string pattern, bool starIsPlain)
    {
        int t = 0;
        int p = 0;
        int star = -1;
        int resume = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && (pattern[p] == '%' || (pattern[p] == '*' && !starIsPlain)))
            {
                star = p++;
                resume = t;
            }
            else if (p < pattern.Length && (pattern[p] == '_' || pattern[p] == text[t]))
            {
                p++;
                t++;
            }
            else if (star >= 0)
            {
                // Backtrack: the last wildcard matches one more character.
                p = star + 1;
                t = ++resume;
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && (pattern[p] == '%' || (pattern[p] == '*' && !starIsPlain))) p++;
        return p == pattern.Length;
    }
}
