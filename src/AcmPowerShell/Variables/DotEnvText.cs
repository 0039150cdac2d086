using System.Text;

namespace AcmPowerShell;

/// <summary>
/// Reads and writes .env files: <c>NAME=value</c> lines, with or without <c>export</c>. In double quotes \n, \r, \t, \", \$ and \\ are escapes and a value may go on over
/// several lines; in single quotes everything is as it stands; without quotes a # after a blank begins a comment.
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
            }
            else
            {
                value = WithoutComment(source[start..end]).TrimEnd();
            }

            values.Add(new ContentValue([name], value));
            i = end + 1;
            line++;
        }

        return values;
    }

    /// <summary>One line for a variable, which <see cref="Read"/> and the usual readers take back as it was.</summary>
    internal static string Line(string name, string value)
    {
        var text = new StringBuilder(name).Append("=\"");
        foreach (char c in value)
        {
            text.Append(c switch
            {
                '\n' => "\\n",
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

    private static string WithoutComment(string value)
    {
        for (int i = 1; i < value.Length; i++)
            if (value[i] == '#' && value[i - 1] is ' ' or '\t') return value[..i];
        return value.Length > 0 && value[0] == '#' ? "" : value;
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
