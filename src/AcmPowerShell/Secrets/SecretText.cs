using System.Globalization;
using System.Text.RegularExpressions;

namespace AcmPowerShell;

/// <summary>Finds names in text.</summary>
internal static class SecretText
{
    private static readonly Regex Escapes = new(@"\\u([0-9a-fA-F]{4})", RegexOptions.CultureInvariant);
    private static readonly Regex Words = new(@"[\w.\-\\]+", RegexOptions.CultureInvariant);

    /// <summary>Returns the text with <c>\uXXXX</c> decoded, so that escaped names are recognized.</summary>
    internal static string Unescape(string text) => text.IndexOf('\\') < 0
        ? text
        : Escapes.Replace(text, match => ((char)int.Parse(match.Groups[1].Value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)).ToString());

    /// <summary>Returns the end of the first word that denotes a secret, or -1.</summary>
    internal static int EndOfSecretWord(string text, int start, int end, SecretNames names)
    {
        for (Match word = Words.Match(text, start, end - start); word.Success; word = word.NextMatch())
            if (names.Matches(Unescape(word.Value))) return word.Index + word.Length;
        return -1;
    }
}
