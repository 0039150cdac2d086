using System.Globalization;
using Acm.Client.Text;

namespace Acm.Client.Protocol.Diamond;

/// <summary>Encodes content as GBK, with an error that names the first character that cannot be encoded.</summary>
internal static class GbkContent
{
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidContent"/>: a character cannot be encoded; the message has its code point, line and column.</exception>
    public static byte[] Encode(string text, bool allowEuroSign) => GbkText.Encode(text, allowEuroSign, out int refused) ?? throw Refusal(text, refused);

    private static AcmException Refusal(string text, int index)
    {
        (int line, int column) = Position(text, index);
        bool isPair = char.IsHighSurrogate(text[index]) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]);
        string character = text.Substring(index, isPair ? 2 : 1);
        int codePoint = isPair ? char.ConvertToUtf32(character, 0) : character[0];
        string name = Name(character, codePoint);

        string message = character[0] == GbkText.EuroSign
            ? $"The euro sign {name} at line {line}, column {column} is one byte for some clients of this server and two for others, so some would read a different character. "
                + "Use EUR or an escape, or allow it when connecting."
            : $"The character {name} at line {line}, column {column} does not exist in GBK, the character set of this server. "
                + $"Remove or replace it; JSON, YAML and .properties files can contain it as the escape {Escape(character)}.";
        return new AcmException(AcmErrorKind.InvalidContent, message) { Option = character[0] == GbkText.EuroSign ? nameof(AcmClientOptions.AllowEuroSign) : null };
    }

    private static string Name(string character, int codePoint)
    {
        string number = "U+" + codePoint.ToString("X4", CultureInfo.InvariantCulture);
        string? invisible = codePoint switch
        {
            0x00A0 => "no-break space",
            0x200B => "zero width space",
            0xFEFF => "byte order mark",
            >= 0xD800 and <= 0xDFFF => "half of a surrogate pair",
            _ => null,
        };
        if (invisible is not null) return $"{number} ({invisible})";

        return CharUnicodeInfo.GetUnicodeCategory(character, 0) switch
        {
            UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
                or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark => number,
            _ => $"'{character}' ({number})",
        };
    }

    private static string Escape(string character) =>
        string.Concat(character.Select(unit => "\\u" + ((int)unit).ToString("X4", CultureInfo.InvariantCulture)));

    /// <summary>Returns line and column of a character, starting at 1. CR LF, LF and CR each end a line; a surrogate pair is one column.</summary>
    private static (int Line, int Column) Position(string text, int index)
    {
        int line = 1;
        int column = 1;
        for (int i = 0; i < index; i++)
        {
            bool isSecondOfPair = i > 0
                && ((text[i] == '\n' && text[i - 1] == '\r') || (char.IsLowSurrogate(text[i]) && char.IsHighSurrogate(text[i - 1])));
            if (isSecondOfPair) continue;

            if (text[i] is '\n' or '\r')
            {
                line++;
                column = 1;
            }
            else
            {
                column++;
            }
        }

        return (line, column);
    }
}
