using System.Globalization;
using System.Text.RegularExpressions;

namespace AcmPowerShell;

/// <summary>How names are written in texts.</summary>
internal static class SecretText
{
    private static readonly Regex Escapes = new(@"\\u([0-9a-fA-F]{4})", RegexOptions.CultureInvariant);
    private static readonly Regex Words = new(@"[\w.\-\\]+", RegexOptions.CultureInvariant);

    /// <summary>The text with <c>\uXXXX</c> as the character that it stands for: an escape hides no name.</summary>
    internal static string Unescape(string text) => text.IndexOf('\\') < 0
        ? text
        : Escapes.Replace(text, match => ((char)int.Parse(match.Groups[1].Value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)).ToString());

    /// <summary>Where the first word that stands for a secret ends; -1 where none does.</summary>
    internal static int EndOfSecretWord(string text, int start, int end, SecretNames names)
    {
        for (Match word = Words.Match(text, start, end - start); word.Success; word = word.NextMatch())
            if (names.Matches(Unescape(word.Value))) return word.Index + word.Length;
        return -1;
    }
}
