using System.Globalization;
using System.Text;

namespace Acm.Client.Transfer;

/// <summary>
/// Reads and writes the subset of YAML that the Nacos console uses: a key with a list of maps of texts in block style, with quoted and folded texts. Anything else is a
/// <see cref="FormatException"/>.
/// </summary>
internal static class BlockYaml
{
    /// <summary>Reads the maps of the list in a single pass over untrusted text. Plain <c>null</c> and <c>~</c> are omitted.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="FormatException">The text is not in this subset.</exception>
    public static IReadOnlyList<IReadOnlyDictionary<string, string>> Rows(string text, CancellationToken cancellationToken)
    {
        var rows = new List<IReadOnlyDictionary<string, string>>();
        Dictionary<string, string>? row = null;
        string[] lines = text.Replace("\r\n", "\n").TrimStart('\uFEFF').Split('\n');
        int next = Head(lines);
        if (next < 0) return rows;

        while (next < lines.Length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            string line = lines[next];
            if (IsBlank(line))
            {
                next++;
                continue;
            }

            int indent = Indent(line);
            if (string.CompareOrdinal(line, indent, "- ", 0, 2) == 0)
            {
                rows.Add(row = new Dictionary<string, string>(StringComparer.Ordinal));
                indent += 2;
            }

            if (row is null) throw new FormatException($"line {Number(next)} is not an item of the list");
            next = Member(lines, next, indent, row);
        }

        return rows;
    }

    /// <summary>Returns a text as a scalar, quoted if necessary.</summary>
    public static string Scalar(string text)
    {
        if (text.Any(char.IsControl) || text.Any(char.IsSurrogate)) return DoubleQuoted(text);
        return IsPlain(text) ? text : $"'{text.Replace("'", "''")}'";
    }

    /// <summary>Returns the line after the key of the list; negative if the list is empty.</summary>
    private static int Head(string[] lines)
    {
        int line = Array.FindIndex(lines, text => !IsBlank(text) && text != "---");
        if (line < 0) throw new FormatException("it is empty");

        string head = lines[line].TrimEnd();
        if (head.EndsWith(": []", StringComparison.Ordinal)) return -1;
        if (!head.EndsWith(":", StringComparison.Ordinal) || Indent(head) > 0) throw new FormatException($"line {Number(line)} is not the key of a list");
        return line + 1;
    }

    /// <summary>Reads a member and all lines of its value; returns the line after them.</summary>
    private static int Member(string[] lines, int at, int indent, Dictionary<string, string> row)
    {
        string line = lines[at].Substring(indent);
        int colon = line.IndexOf(':');
        if (colon <= 0 || !char.IsLetter(line[0]) || (colon + 1 < line.Length && line[colon + 1] != ' ')) throw new FormatException($"line {Number(at)} is not a member of an item");

        string name = line.Substring(0, colon);
        string value = line.Substring(colon + 1).Trim(' ');
        char quote = value.Length > 0 ? value[0] : '\0';
        if (quote is '|' or '>' or '&' or '*' or '!' or '{' or '[') throw new FormatException($"line {Number(at)} has a value of a kind that is not expected");

        var parts = new List<string> { value };
        int next;
        if (quote is '\'' or '"')
        {
            next = AddQuoted(lines, at, quote, parts);
            string inner = Folded(parts, isDouble: quote == '"');
            inner = inner.Substring(1, inner.Length - 2);
            row[name] = quote == '\'' ? inner.Replace("''", "'") : Unescaped(inner, at);
            return next;
        }

        next = AddPlain(lines, at + 1, indent, parts);
        string plain = Folded(parts, isDouble: false);
        if (plain is not ("" or "null" or "~")) row[name] = plain;
        return next;
    }

    /// <summary>Adds the lines of a quoted text up to the closing quote; returns the line after them.</summary>
    private static int AddQuoted(string[] lines, int at, char quote, List<string> parts)
    {
        int next = at + 1;
        bool isClosed = IsClosed(parts[0], 1, quote, at);
        while (!isClosed)
        {
            if (next == lines.Length) throw new FormatException($"the text that begins in line {Number(at)} does not end");

            string part = lines[next++].Trim(' ');
            parts.Add(part);
            isClosed = IsClosed(part, 0, quote, at);
        }

        return next;
    }

    /// <summary>Returns whether a line closes a quoted text. An escaped line break cannot span lines, so each line is checked separately.</summary>
    private static bool IsClosed(string part, int start, char quote, int at)
    {
        for (int i = start; i < part.Length; i++)
        {
            if (quote == '"' && part[i] == '\\') i++;
            else if (part[i] == quote && quote == '\'' && i + 1 < part.Length && part[i + 1] == '\'') i++;
            else if (part[i] == quote && i < part.Length - 1) throw new FormatException($"the text that begins in line {Number(at)} continues after the closing quote");
            else if (part[i] == quote) return true;
        }

        return false;
    }

    /// <summary>Adds the lines that are indented deeper than their member, and blank lines between them; returns the line after them.</summary>
    private static int AddPlain(string[] lines, int next, int indent, List<string> parts)
    {
        while (true)
        {
            int filled = next;
            while (filled < lines.Length && IsBlank(lines[filled])) filled++;
            if (filled == lines.Length || Indent(lines[filled]) <= indent) return next;

            while (next <= filled) parts.Add(lines[next++].Trim(' '));
        }
    }

    /// <summary>Joins the lines of a folded text: a line break becomes a space, and each empty line a line break.</summary>
    private static string Folded(List<string> parts, bool isDouble)
    {
        var text = new StringBuilder(parts[0]);
        int ends = 0;
        string last = parts[0];
        foreach (string part in parts.Skip(1))
        {
            if (part.Length == 0)
            {
                ends++;
                continue;
            }

            bool isJoined = isDouble && ends == 0 && EndsWithEscape(last);
            if (isJoined) text.Length--;
            else if (ends == 0) text.Append(' ');
            else text.Append('\n', ends);
            text.Append(part);
            ends = 0;
            last = part;
        }

        return text.ToString();
    }

    private static bool EndsWithEscape(string line) => (line.Length - line.TrimEnd('\\').Length) % 2 == 1;

    private static string Unescaped(string text, int line)
    {
        var plain = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                plain.Append(text[i]);
                continue;
            }

            i++;
            char c = i < text.Length ? text[i] : '\0';
            int digits = c switch
            {
                'x' => 2,
                'u' => 4,
                'U' => 8,
                _ => 0,
            };
            if (digits > 0)
            {
                if (i + digits >= text.Length || !int.TryParse(text.Substring(i + 1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code) || !IsCharacter(code, digits)) throw new FormatException($"the text that begins in line {Number(line)} has an invalid escape");

                plain.Append(digits == 8 ? char.ConvertFromUtf32(code) : ((char)code).ToString());
                i += digits;
                continue;
            }

            int place = "0abtnvfre \"/\\N_LP".IndexOf(c);
            if (place < 0) throw new FormatException($"the text that begins in line {Number(line)} has an invalid escape");
            plain.Append("\0\a\b\t\n\v\f\r\u001b \"/\\\u0085\u00a0\u2028\u2029"[place]);
        }

        string result = plain.ToString();
        return HasLoneSurrogate(result) ? throw new FormatException($"the text that begins in line {Number(line)} has half of a surrogate pair") : result;
    }

    /// <summary>Returns whether an escape is a valid character; one of 4 digits may be half of a surrogate pair.</summary>
    private static bool IsCharacter(int code, int digits) => code is >= 0 and <= 0x10FFFF && (digits < 8 || code is < 0xD800 or > 0xDFFF);

    private static bool HasLoneSurrogate(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return true;
            i++;
        }

        return false;
    }

    private static string DoubleQuoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (char c in text)
        {
            if (c is '"' or '\\') quoted.Append('\\').Append(c);
            else if (c == '\n') quoted.Append("\\n");
            else if (char.IsControl(c)) quoted.Append("\\u").Append(((int)c).ToString("X4", CultureInfo.InvariantCulture));
            else quoted.Append(c);
        }

        return quoted.Append('"').ToString();
    }

    private static bool IsPlain(string text) =>
        text.Length > 0
        && (text[0] is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or '_')
        && text.All(c => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '_' or '-' or '.' or '/' or ':' or ' ')
        && text[text.Length - 1] is not (' ' or ':')
        && text.IndexOf(": ", StringComparison.Ordinal) < 0
        && text.ToUpperInvariant() is not ("NULL" or "TRUE" or "FALSE" or "YES" or "NO" or "ON" or "OFF" or "Y" or "N");

    private static bool IsBlank(string line) => line.All(c => c is ' ' or '\r');

    private static int Indent(string line) => line.Length - line.TrimStart(' ').Length;

    private static string Number(int line) => (line + 1).ToString(CultureInfo.InvariantCulture);
}
