using System.Text;

namespace Acm.Tests.Support;

/// <summary>A file of variables, as steps of GitHub Actions write it.</summary>
internal static class RunnerFile
{
    /// <summary>Reads it as the runner does: NAME=value, or NAME, a delimiter, and lines up to that.</summary>
    public static List<(string Name, string Value)> Read(string file)
    {
        var variables = new List<(string, string)>();
        string text = File.ReadAllText(file, Encoding.UTF8);
        for (int i = 0; i < text.Length;)
        {
            int end = text.IndexOf('\n', i);
            string line = text[i..end];
            i = end + 1;
            int heredoc = line.IndexOf("<<", StringComparison.Ordinal);
            if (heredoc < 0)
            {
                variables.Add((line[..line.IndexOf('=', StringComparison.Ordinal)], line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..]));
                continue;
            }

            string closing = "\n" + line[(heredoc + 2)..] + "\n";
            int close = text.IndexOf(closing, i - 1, StringComparison.Ordinal);
            variables.Add((line[..heredoc], close < i ? "" : text[i..close]));
            i = close + closing.Length;
        }

        return variables;
    }
}
