using System.Text.RegularExpressions;

namespace AcmPowerShell;

/// <summary>Tells which lines match one of several patterns. Thread-safe.</summary>
internal sealed class LinePattern
{
    /// <summary>Far above what any line takes: only a pattern that goes back over the line again and again reaches it.</summary>
    private static readonly TimeSpan MatchLimit = TimeSpan.FromSeconds(10);

    private readonly Func<string, bool>[] _patterns;

    /// <exception cref="ArgumentException">A pattern is not a valid regular expression.</exception>
    internal LinePattern(string[] patterns, bool isSimple, bool isCaseSensitive)
    {
        StringComparison comparison = isCaseSensitive ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        RegexOptions options = isCaseSensitive ? RegexOptions.None : RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;
        _patterns = [.. patterns.Select(pattern => isSimple
            ? (Func<string, bool>)(line => line.IndexOf(pattern, comparison) >= 0)
            : new Regex(pattern, options, MatchLimit).IsMatch)];
    }

    /// <exception cref="RegexMatchTimeoutException">A pattern takes too long with this line.</exception>
    internal bool Matches(string line)
    {
        foreach (Func<string, bool> pattern in _patterns)
            if (pattern(line)) return true;
        return false;
    }

    /// <summary>The lines of a text, without their ends; that the text ends in a line end makes no empty last line.</summary>
    internal static string[] LinesOf(string text)
    {
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
            if (lines[i].Length > 0 && lines[i][^1] == '\r') lines[i] = lines[i][..^1];
        return lines[^1].Length == 0 ? [.. lines.Take(lines.Length - 1)] : lines;
    }
}
