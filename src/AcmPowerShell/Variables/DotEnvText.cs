using System.Text;

namespace AcmPowerShell;

/// <summary>
/// Reads and writes .env files: <c>NAME=value</c> lines, with or without <c>export</c>. Values in double quotes support the escapes \n, \r, \t, \", \$ and \\ and can span
/// several lines. Values in single quotes are literal. In unquoted values, a # after a blank starts a comment, but not directly after the =, as in shells. Because programs parse .env files differently, values are written in the
/// simplest possible form: unquoted (docker and kubectl treat quotes as part of the value), in single quotes, or in double quotes.
/// </summary>
internal static class DotEnvText
{
    /// <summary>Returns the values of a .env file.</summary>
    /// <exception cref="FormatException">A line is not valid, or a quote is not closed.</exception>
    internal static List<ContentValue> Read(string text)
    {
        var values = new List<ContentValue>();
        string source = text.Replace("\r\n", "\n").Replace('\r', '\n');
        int line = 1;
        for (int i = 0; i < source.Length;)
        {
            int end = source.IndexOf('\n', i);
            if (end < 0) end = source.Length;
            string text1 = source[i..end].TrimStart();
            if (text1.Length == 0 || text1[0] == '#')
            {
                i = end + 1;
                line++;
                continue;
            }

            int equals = source.IndexOf('=', i, end - i);
            if (equals < 0) throw new FormatException($"Line {line} has no '='.");

            string name = source[i..equals].Trim();
            if (name.StartsWith("export ", StringComparison.Ordinal)) name = name["export ".Length..].Trim();
            if (name.Length == 0) throw new FormatException($"Line {line} has no name before the '='.");

            int first = line;
            bool hadComment = false;
            int start = equals + 1;
            while (start < end && source[start] is ' ' or '\t') start++;
            string value;
            if (start < end && source[start] is '"' or '\'')
            {
                int close = ClosingQuote(source, start);
                if (close < 0) throw new FormatException($"The quote in line {line} is not closed.");

                value = source[(start + 1)..close];
                if (source[start] == '"') value = Unescape(value);
                line += source[start..close].Count(c => c == '\n');
                end = source.IndexOf('\n', close);
                if (end < 0) end = source.Length;

                // Rejected, because shells append the rest and other programs drop it.
                string rest = source[(close + 1)..end].Trim();
                if (rest.Length > 0 && rest[0] != '#') throw new FormatException($"Line {line} continues after the closing quote.");
            }
            else
            {
                int comment = Comment(source, equals + 1, end);
                hadComment = comment < end;
                value = source[Math.Min(start, comment)..comment].Trim();
            }

            values.Add(new ContentValue([name], value) { Line = first, HadComment = hadComment });
            i = end + 1;
            line++;
        }

        return values;
    }

    /// <summary>Returns the text for a variable, from which <see cref="Read"/> returns the same value. A multiline value has several lines.</summary>
    internal static string Line(string name, string value) => name + "=" + Written(value);

    /// <summary>Returns which programs parse a value differently, as the rest of a sentence that starts with the variable, or null if the common ones agree.</summary>
    internal static string? Disagreement(string value)
    {
        if (value.IndexOf('\r') >= 0) return "contains a carriage return, which shells read as the two characters \\r";
        if (Written(value)[..Math.Min(1, value.Length)] == "\"" && value.IndexOfAny(['"', '\\', '$', '`']) >= 0)
            return "contains a single quote together with double quotes, backslashes, $ or `. Only shells and this module read it correctly; other programs keep the backslashes";
        if (value.Contains("${")) return "contains ${, which python-dotenv and Docker Compose expand even in quotes";
        return value.IndexOf('\'') < 0 && (value.Contains(@"\\") || value.EndsWith("\\", StringComparison.Ordinal)) ? "contains backslashes, which python-dotenv treats as escapes even in single quotes" : null;
    }

    /// <summary>Returns whether a value is written in quotes, which docker run --env-file and kubectl treat as part of it.</summary>
    internal static bool IsQuoted(string value) => !value.All(IsPlain);

    private static string Written(string value)
    {
        if (!IsQuoted(value)) return value;
        if (value.IndexOf('\'') < 0 && value.IndexOf('\r') < 0) return "'" + value + "'";

        bool hasReturn = value.IndexOf('\r') >= 0;
        var text = new StringBuilder("\"");
        foreach (char c in value)
        {
            text.Append(c switch
            {
                // Shells have no escape for a line feed, so it is written as is. After CR, it would be read as a line ending of the file.
                '\n' when hasReturn => "\\n",
                '\r' => "\\r",
                '"' => "\\\"",
                '\\' => "\\\\",
                '$' => "\\$",
                '`' => "\\`",
                _ => c.ToString(),
            });
        }

        return text.Append('"').ToString();
    }

    /// <summary>Returns whether a character has no special meaning in any program or shell.</summary>
    private static bool IsPlain(char c) =>
        c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '_' or '-' or '.' or '/' or ':' or '@' or '%' or '+' or ',' or '=' or '?';

    /// <summary>Returns the start of the comment after an unquoted value, or the end of the line. A # that does not follow a blank is part of the value.</summary>
    private static int Comment(string source, int start, int end)
    {
        for (int i = start + 1; i < end; i++)
            if (source[i] == '#' && source[i - 1] is ' ' or '\t') return i;
        return end;
    }

    private static int ClosingQuote(string source, int open)
    {
        for (int i = open + 1; i < source.Length; i++)
        {
            if (source[open] == '"' && source[i] == '\\') i++;
            else if (source[i] == source[open]) return i;
        }

        return -1;
    }

    private static string Unescape(string text)
    {
        var result = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                result.Append(text[i]);
                continue;
            }

            char c = text[++i];
            switch (c)
            {
                case 'n': result.Append('\n'); break;
                case 'r': result.Append('\r'); break;
                case 't': result.Append('\t'); break;
                case '"' or '\\' or '$' or '`': result.Append(c); break;
                default: result.Append('\\').Append(c); break;
            }
        }

        return result.ToString();
    }
}
