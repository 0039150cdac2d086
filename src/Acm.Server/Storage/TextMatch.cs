namespace Acm.Server.Storage;

/// <summary>A condition on a name or text: any, equal, or a pattern. Case matters.</summary>
internal readonly record struct TextMatch
{
    private readonly string? _text;
    private readonly bool _isPattern;
    private readonly bool _starIsPlain;

    private TextMatch(string text, bool isPattern, bool starIsPlain = false)
    {
        _text = text;
        _isPattern = isPattern;
        _starIsPlain = starIsPlain;
    }

    public static TextMatch Any { get; }

    public bool IsAny => _text is null;

    /// <summary>The one text that matches; null where there may be several.</summary>
    public string? Exact => _isPattern ? null : _text;

    public static TextMatch Equal(string text) => new(text, isPattern: false);

    /// <summary>As LIKE of SQL: % and * are any text, _ is one character, and nothing escapes them.</summary>
    public static TextMatch Like(string pattern) => new(pattern, pattern.AsSpan().IndexOfAny("*%_") >= 0);

    /// <summary>As <see cref="Like"/>, where * is a character like any other.</summary>
    public static TextMatch LikeWithoutStar(string pattern) => new(pattern, pattern.AsSpan().IndexOfAny("%_") >= 0, starIsPlain: true);

    public bool Matches(string text) => _text is null || (_isPattern ? IsLike(text, _text, _starIsPlain) : _text == text);

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
