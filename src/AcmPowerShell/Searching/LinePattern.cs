using System.Text.RegularExpressions;

namespace AcmPowerShell;

/// <summary>Matches lines against several patterns. Thread-safe.</summary>
internal sealed class LinePattern
{
    /// <summary>Limit that only patterns with excessive backtracking reach.</summary>
    private static readonly TimeSpan MatchLimit = TimeSpan.FromSeconds(10);

    private readonly Func<string, bool>[] _patterns;

    /// <summary>Compiles the patterns.</summary>
    /// <exception cref="ArgumentException">A pattern is not a valid regular expression.</exception>
    internal LinePattern(string[] patterns, bool isSimple, bool isCaseSensitive)
    {
        StringComparison comparison = isCaseSensitive ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        RegexOptions options = isCaseSensitive ? RegexOptions.None : RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;
        _patterns = [.. patterns.Select(pattern => isSimple
            ? (Func<string, bool>)(line => line.IndexOf(pattern, comparison) >= 0)
            : new Regex(pattern, options, MatchLimit).IsMatch)];
    }

    /// <summary>Returns whether a pattern matches the line.</summary>
    /// <exception cref="RegexMatchTimeoutException">A pattern timed out on this line.</exception>
    internal bool Matches(string line)
    {
        foreach (Func<string, bool> pattern in _patterns)
            if (pattern(line)) return true;
        return false;
    }

    /// <summary>Returns the lines without their line endings. A trailing line ending does not add an empty line.</summary>
    internal static string[] LinesOf(string text)
    {
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
            if (lines[i].Length > 0 && lines[i][^1] == '\r') lines[i] = lines[i][..^1];
        return lines[^1].Length == 0 ? [.. lines.Take(lines.Length - 1)] : lines;
    }
}
