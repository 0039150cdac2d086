namespace Acm.Server.Storage;

/// <summary>A condition on a name or text: any, equal, or a pattern. Case matters.</summary>
internal readonly record struct TextMatch
{
    private readonly string? _text;
    private readonly bool _isPattern;
    private readonly bool _starIsPlain;

    // What a pattern like *name* looks for, which is most patterns.
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

    /// <summary>It is no condition at all.</summary>
    public bool MatchesAll => _text is null || (_isPattern && IsWild(_text));

    /// <summary>The one text that matches; null where there may be several.</summary>
    public string? Exact => _isPattern ? null : _text;

    /// <summary>What every match begins with.</summary>
    public string Prefix => _text is null ? "" : _isPattern ? _text[.._text.AsSpan().IndexOfAny(Wildcards)] : _text;

    /// <summary>Everything that begins with the prefix matches.</summary>
    public bool IsPrefix => _text is null || (_isPattern && IsWild(_text.AsSpan(Prefix.Length)));

    /// <summary>Everything that has <see cref="LongestLiteral"/> somewhere in it matches.</summary>
    public bool IsInfix => _infix is not null;

    /// <summary>The longest text that is within every match.</summary>
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

    /// <summary>As LIKE of SQL: % and * are any text, _ is one character, and nothing escapes them.</summary>
    public static TextMatch Like(string pattern) => new(pattern, pattern.AsSpan().IndexOfAny("*%_") >= 0);

    /// <summary>As <see cref="Like"/>, where * is a character like any other.</summary>
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
                // The last star takes one character more.
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
