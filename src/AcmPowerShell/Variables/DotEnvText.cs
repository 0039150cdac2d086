using System.Text;

namespace AcmPowerShell;

/// <summary>
/// Reads and writes .env files: <c>NAME=value</c> lines, with or without <c>export</c>. In double quotes \n, \r, \t, \", \$ and \\ are escapes and a value may go on over
/// several lines; in single quotes everything is as it stands; without quotes a # after a blank begins a comment, and one right after the = belongs to the value, as in shells. Readers agree on little, so that what is written is the
/// plainest form that a value has: bare (also for docker and kubectl, which keep quotes as part of the value), then single quotes, then double ones.
/// </summary>
internal static class DotEnvText
{
    /// <exception cref="FormatException">A line is none, or a quote is not closed.</exception>
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

                // A shell would join it, others drop it: either way the value would not be the one that was meant.
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

    /// <summary>The text for a variable, which <see cref="Read"/> takes back as it was; of several lines where the value has some.</summary>
    internal static string Line(string name, string value) => name + "=" + Written(value);

    /// <summary>Who reads a value otherwise than <see cref="Read"/>, as the rest of a sentence that begins with the variable; null where the common readers agree.</summary>
    internal static string? Disagreement(string value)
    {
        if (value.IndexOf('\r') >= 0) return "holds a carriage return, which shells read as the two characters \\r";
        if (Written(value)[..Math.Min(1, value.Length)] == "\"" && value.IndexOfAny(['"', '\\', '$', '`']) >= 0)
            return "holds a single quote beside other quotes, backslashes, $ or `, which only shells and this module read back: other readers keep the backslashes";
        if (value.Contains("${")) return "holds ${, which python-dotenv and Docker Compose replace by a variable, whatever the quotes";
        return value.IndexOf('\'') < 0 && (value.Contains(@"\\") || value.EndsWith("\\", StringComparison.Ordinal)) ? "holds backslashes that python-dotenv reads as escapes, also in single quotes" : null;
    }

    /// <summary>Whether a value is written in quotes, which docker run --env-file and kubectl take for a part of it.</summary>
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
                // Shells have no escape for a line end, and every reader takes one as it is. With CR it would be taken for a line end of the file.
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

    /// <summary>What no reader and no shell does anything with.</summary>
    private static bool IsPlain(char c) =>
        c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '_' or '-' or '.' or '/' or ':' or '@' or '%' or '+' or ',' or '=' or '?';

    /// <summary>Where the comment behind a bare value begins; the end of the line where there is none. A # that no blank stands before is part of the value.</summary>
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
