using System.Globalization;

namespace Acm.Client.Text;

/// <summary>Describes characters in error messages: the character if it is printable, and its code point.</summary>
internal static class CharacterText
{
    /// <summary>Returns for example <c>'€' (U+20AC)</c>, or <c>U+0000</c> for a character that is not printable.</summary>
    public static string Describe(string text, int index)
    {
        bool pair = char.IsHighSurrogate(text[index]) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]);
        int codePoint = pair ? char.ConvertToUtf32(text[index], text[index + 1]) : text[index];
        string number = "U+" + codePoint.ToString("X4", CultureInfo.InvariantCulture);
        UnicodeCategory category = CharUnicodeInfo.GetUnicodeCategory(text, index);
        bool shown = category is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.SpaceSeparator
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator) || pair;
        return shown ? $"'{text.Substring(index, pair ? 2 : 1)}' ({number})" : number;
    }
}
