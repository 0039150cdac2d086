using System.Text.RegularExpressions;

namespace Acm.Conformance.Comparing;

/// <summary>The texts that change from run to run.</summary>
internal static partial class Patterns
{
    public static Regex Uuid { get; } = UuidPattern();

    public static Regex Connection { get; } = ConnectionPattern();

    public static Regex Token { get; } = TokenPattern();

    public static Regex PasswordHash { get; } = PasswordHashPattern();

    public static Regex Iso { get; } = IsoPattern();

    public static Regex WordDate { get; } = WordDatePattern();

    public static Regex Port { get; } = PortPattern();

    public static Regex ManyDigits { get; } = ManyDigitsPattern();

    public static Regex NumericText { get; } = NumericTextPattern();

    public static Regex ListIndex { get; } = ListIndexPattern();

    /// <summary>True where the whole text matches.</summary>
    public static bool IsWhole(this Regex pattern, string text) => pattern.Match(text) is { Success: true, Index: 0 } match && match.Length == text.Length;

    [GeneratedRegex(@"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")]
    private static partial Regex UuidPattern();

    [GeneratedRegex(@"[0-9]{10,}_[0-9.]+_[0-9]+")]
    private static partial Regex ConnectionPattern();

    [GeneratedRegex(@"TOKEN[0-9]+")]
    private static partial Regex TokenPattern();

    [GeneratedRegex(@"\$2[aby]?\$[0-9]{2}\$[./A-Za-z0-9]{53}")]
    private static partial Regex PasswordHashPattern();

    [GeneratedRegex(@"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?: ?Z|[+-][0-9]{2}:?[0-9]{2})?")]
    private static partial Regex IsoPattern();

    [GeneratedRegex(@"[A-Z][a-z]{2},? (?:[0-9]{1,2} [A-Z][a-z]{2}|[A-Z][a-z]{2} [0-9]{1,2}) (?:[0-9]{4} )?[0-9]{2}:[0-9]{2}:[0-9]{2} [A-Z]{3,4}(?: [0-9]{4})?")]
    private static partial Regex WordDatePattern();

    [GeneratedRegex(@"(\b(?:[0-9]{1,3}\.){3}[0-9]{1,3}|\blocalhost):[0-9]{2,5}\b")]
    private static partial Regex PortPattern();

    [GeneratedRegex(@"(?<![\w.])[0-9]{10,}(?!\w)")]
    private static partial Regex ManyDigitsPattern();

    [GeneratedRegex(@"-?[0-9]{1,30}(\.[0-9]+)?")]
    private static partial Regex NumericTextPattern();

    [GeneratedRegex(@"\[[0-9]+( of OURS)?\]")]
    private static partial Regex ListIndexPattern();
}
