using System.Text.RegularExpressions;

namespace Acm.Tests.Docs;

/// <summary>Compares the output on a page with the actual output: <c>...</c> on the page matches anything; white space and digits are ignored.</summary>
internal static partial class ShownOutput
{
    public static bool Matches(string shown, string written) =>
        Regex.IsMatch(Plain(written), @"\A" + Regex.Escape(Plain(shown)).Replace(@"\.\.\.", ".*", StringComparison.Ordinal) + @"\z", RegexOptions.Singleline);

    private static string Plain(string text) => Space().Replace(Digits().Replace(Colour().Replace(text, ""), "0"), "");

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    [GeneratedRegex(@"\d+")]
    private static partial Regex Digits();

    [GeneratedRegex(@"\e\[[0-9;]*m")]
    private static partial Regex Colour();
}
