using System.Globalization;
using System.Text;

namespace Acm.Client.Text;

/// <summary>
/// Sanitizes text from servers, files or archives before it is displayed or logged. Terminals interpret control characters, bidirectional marks reorder the text
/// that follows, and the agents of Azure Pipelines and GitHub Actions execute <c>##vso[…]</c>, <c>##[…]</c> and a leading <c>::…::</c> as commands. Harmless text is not changed, and
/// sanitizing twice has no further effect. Thread-safe.
/// </summary>
public static class ForeignText
{
    /// <summary>The default maximum length of foreign text in a message, in characters.</summary>
    public const int MaxLength = 300;

    private const char Replacement = '\uFFFD';
    private const char Ellipsis = '\u2026';

    /// <summary>Returns the text on one line: line breaks become spaces, other active characters U+FFFD, and commands of build agents are broken up.</summary>
    /// <param name="text">The text; null is treated as empty.</param>
    /// <param name="maxLength">The maximum length in characters; longer text is truncated with an ellipsis.</param>
    public static string Clean(string? text, int maxLength = MaxLength)
    {
        if (string.IsNullOrEmpty(text)) return "";

        // Truncated first: a response body may have megabytes.
        string start = Cut(text!, maxLength);
        return Cut(BreakCommands(Replace(start, keepsLines: false)), maxLength);
    }

    /// <summary>Sanitizes text like <see cref="Clean"/>, but keeps line breaks and tabs.</summary>
    /// <param name="text">The text; null is treated as empty.</param>
    public static string CleanLines(string? text) => string.IsNullOrEmpty(text) ? "" : BreakCommands(Replace(text!, keepsLines: true));

    /// <summary>Breaks up commands of build agents: <c>##vso[</c> and <c>##[</c> anywhere, and <c>::</c> where a line, or a wrapped line, may begin.</summary>
    /// <param name="text">The text.</param>
    public static string BreakCommands(string text)
    {
        StringBuilder? broken = null;
        for (int i = 0; i < text.Length; i++)
        {
            broken?.Append(text[i]);
            if (!IsCommandStart(text, i)) continue;

            broken ??= new StringBuilder(text, 0, i + 1, text.Length + 8);
            broken.Append(' ');
        }

        return broken?.ToString() ?? text;
    }

    /// <summary>Returns whether a character is active: control characters, marks that change the text direction, and invisible characters.</summary>
    /// <param name="c">The character.</param>
    public static bool IsActive(char c) => c switch
    {
        < ' ' or (>= '\u007F' and <= '\u009F') => true,
        < '\u00AD' => false,
        '\u00AD' or '\u061C' or '\u180E' or '\u200B' or '\u200E' or '\u200F' or '\uFEFF' => true,
        >= '\u2028' and <= '\u202E' => true,
        >= '\u2060' and <= '\u206F' => true,
        >= '\uFFF9' and <= '\uFFFB' => true,
        _ => false,
    };

    private static bool IsLineEnd(char c) => c is '\r' or '\n' or '\u0085' or '\u2028' or '\u2029';

    private static string Cut(string text, int maxLength)
    {
        if (text.Length <= maxLength) return text;

        int length = Math.Max(0, maxLength - 1);
        if (length > 0 && char.IsHighSurrogate(text[length - 1])) length--;
        return text.Substring(0, length) + Ellipsis;
    }

    private static string Replace(string text, bool keepsLines)
    {
        int first = 0;
        while (first < text.Length && !MustGo(text, first, keepsLines)) first++;
        if (first == text.Length) return text;

        var clean = new StringBuilder(text, 0, first, text.Length);
        for (int i = first; i < text.Length; i++)
        {
            char c = text[i];
            if (!MustGo(text, i, keepsLines))
            {
                clean.Append(c);
            }
            else if (IsLineEnd(c))
            {
                // CR LF is one line break.
                if (c == '\r' && i + 1 < text.Length && text[i + 1] == '\n') continue;
                clean.Append(keepsLines ? '\n' : ' ');
            }
            else
            {
                clean.Append(c == '\t' ? ' ' : Replacement);
                if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) i++;
            }
        }

        return clean.ToString();
    }

    private static bool MustGo(string text, int index, bool keepsLines)
    {
        char c = text[index];
        if (keepsLines && c is '\n' or '\t') return !keepsLines;
        if (!char.IsSurrogate(c)) return IsActive(c);
        if (char.IsLowSurrogate(c)) return index == 0 || !char.IsHighSurrogate(text[index - 1]);
        if (index + 1 == text.Length || !char.IsLowSurrogate(text[index + 1])) return true;

        // Tag characters (U+E0000 and up) encode invisible ASCII.
        return CharUnicodeInfo.GetUnicodeCategory(text, index) == UnicodeCategory.Format;
    }

    private static bool IsCommandStart(string text, int index)
    {
        if (index + 1 >= text.Length || text[index + 1] != text[index]) return false;
        if (text[index] == ':') return IsAtStart(text, index) && HasName(text, index);
        if (text[index] != '#') return false;

        int end = index + 2;
        while (end < text.Length && text[end] is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z')) end++;
        return end < text.Length && text[end] == '[';
    }

    /// <summary>Returns whether a letter follows the colons, as in commands; a digit follows in addresses such as <c>::1</c>.</summary>
    private static bool HasName(string text, int index)
    {
        while (index < text.Length && text[index] == ':') index++;
        return index < text.Length && char.IsLetter(text[index]);
    }

    /// <summary>Returns whether only colons separate a position from the start of a word: a console may wrap there, so that the word begins a line.</summary>
    private static bool IsAtStart(string text, int index)
    {
        while (index > 0 && text[index - 1] == ':') index--;
        return index == 0 || char.IsWhiteSpace(text[index - 1]);
    }
}
