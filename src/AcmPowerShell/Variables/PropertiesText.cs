using System.Globalization;
using System.Text;

namespace AcmPowerShell;

/// <summary>Reads Java properties: <c>key = value</c>, <c>key: value</c> or <c>key value</c>, with # and ! for comments and a backslash at the end of a continued line.</summary>
internal static class PropertiesText
{
    /// <summary>Returns the properties.</summary>
    /// <exception cref="FormatException">A \u escape is not valid.</exception>
    internal static List<ContentValue> Read(string text)
    {
        var values = new List<ContentValue>();
        foreach ((string line, int number) in LogicalLines(text))
        {
            int end = KeyEnd(line);
            int start = end;
            while (start < line.Length && IsBlank(line[start])) start++;
            if (start < line.Length && line[start] is '=' or ':') start++;
            while (start < line.Length && IsBlank(line[start])) start++;

            string key = Unescape(line[..end], number);
            if (key.Length > 0) values.Add(new ContentValue(key.Split('.'), Unescape(line[start..], number)) { Line = number });
        }

        return values;
    }

    private static IEnumerable<(string Line, int Number)> LogicalLines(string text)
    {
        string[] lines = text.Replace("\r\n", "\n").Replace('\r', '\n').Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            int number = i + 1;
            string line = lines[i].TrimStart(' ', '\t', '\f');
            if (line.Length == 0 || line[0] is '#' or '!') continue;

            while (EndsInBackslash(line))
            {
                string next = i + 1 < lines.Length ? lines[++i].TrimStart(' ', '\t', '\f') : "";
                line = line[..^1] + next;
                if (i + 1 >= lines.Length && !EndsInBackslash(next)) break;
            }

            yield return (line, number);
        }
    }

    // An even number of backslashes at the end is escaped and does not continue the line.
    private static bool EndsInBackslash(string line)
    {
        int count = 0;
        while (count < line.Length && line[line.Length - 1 - count] == '\\') count++;
        return count % 2 == 1;
    }

    private static int KeyEnd(string line)
    {
        int i = 0;
        while (i < line.Length && line[i] is not ('=' or ':') && !IsBlank(line[i])) i += line[i] == '\\' ? 2 : 1;
        return Math.Min(i, line.Length);
    }

    private static bool IsBlank(char c) => c is ' ' or '\t' or '\f';

    private static string Unescape(string text, int line)
    {
        if (text.IndexOf('\\') < 0) return text;

        var result = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                if (text[i] != '\\') result.Append(text[i]);
                continue;
            }

            char c = text[++i];
            if (c != 'u')
            {
                result.Append(c switch { 't' => '\t', 'n' => '\n', 'r' => '\r', 'f' => '\f', _ => c });
                continue;
            }

            if (i + 4 > text.Length - 1 || !ushort.TryParse(text.Substring(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code))
                throw new FormatException($"Line {line} has a \\u without four hexadecimal digits.");

            result.Append((char)code);
            i += 4;
        }

        return result.ToString();
    }
}
