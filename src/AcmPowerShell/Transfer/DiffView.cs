using System.Management.Automation.Host;
using System.Text;
using Acm.Client.Text;

namespace AcmPowerShell;

/// <summary>
/// Diffs for people. Content comes from files and servers: what a terminal would act on is shown instead, as <c>^M</c> for a carriage return, so that line ends can be
/// seen and nothing takes hold of the screen, or of the build agent that reads the log.
/// </summary>
internal static class DiffView
{
    private const int MostLines = 40;
    private const int MostColumns = 200;
    private const string Red = "\u001b[31m";
    private const string Green = "\u001b[32m";
    private const string Yellow = "\u001b[33m";
    private const string Cyan = "\u001b[36m";
    private const string Reset = "\u001b[0m";

    /// <summary>Whether a host shows colours, and nobody asked for none (https://no-color.org).</summary>
    internal static bool WantsColor(PSHost? host) =>
        host?.UI is { SupportsVirtualTerminal: true } && !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <summary>The whole diff.</summary>
    internal static string Render(string diff, bool hasColor) => string.Join("\n", ForPeople(diff).Select(line => Painted(Visible(line), hasColor)));

    /// <summary>What changes, indented below the line that tells of it: no names, not too long, not too wide.</summary>
    internal static string Excerpt(string? diff, bool hasColor)
    {
        if (diff is null) return "\n  (not shown: it is encrypted, or could not be read)";

        // The names say nothing new. After the first hunk's head a line that looks like one is content.
        string[] all = ForPeople(diff);
        int head = Array.FindIndex(all, IsHead);
        List<string> lines = [.. all.Where((line, i) => i >= head || line[0] == '#')];
        var text = new StringBuilder();
        foreach (string line in lines.Take(MostLines)) text.Append("\n  ").Append(Painted(Cut(Visible(line)), hasColor));
        if (lines.Count > MostLines) text.Append("\n  ... and ").Append(lines.Count - MostLines).Append(" more lines");
        return text.ToString();
    }

    /// <summary>How many lines a diff adds and removes.</summary>
    internal static (int Added, int Removed) Count(string? diff)
    {
        int added = 0;
        int removed = 0;
        bool isInHunk = false;
        foreach (string line in Lines(diff ?? ""))
        {
            isInHunk |= IsHead(line);
            if (!isInHunk) continue;

            if (line[0] == '+') added++;
            else if (line[0] == '-') removed++;
        }

        return (added, removed);
    }

    internal static string Paint(AcmDifferenceState state, bool hasColor) => hasColor
        ? state switch
        {
            AcmDifferenceState.Added => Green + state + Reset,
            AcmDifferenceState.Changed => Yellow + state + Reset,
            AcmDifferenceState.Removed => Red + state + Reset,
            _ => state.ToString(),
        }
        : state.ToString();

    // Lines of a diff end with LF, whatever stands before it.
    private static string[] Lines(string diff) => diff.Length == 0 ? [] : diff.TrimEnd('\n').Split('\n');

    /// <summary>The lines without the marks of a missing line end, unless one side only has it: most configurations are published without one.</summary>
    private static string[] ForPeople(string diff)
    {
        string[] lines = Lines(diff);
        int head = Array.FindIndex(lines, IsHead);
        bool IsMarked(char sign) => lines.Where((line, i) => i > head && IsMark(line) && lines[i - 1][0] == sign).Any();
        bool HasSide(char sign) => lines.Where((line, i) => i > head && (line[0] == sign || line[0] == ' ')).Any();
        bool differs = IsMarked('-') != IsMarked('+') && HasSide('-') && HasSide('+');
        return differs ? lines : [.. lines.Where((line, i) => i < head || !IsMark(line))];
    }

    private static bool IsMark(string line) => line[0] == '\\';

    private static bool IsHead(string line) => line.StartsWith("@@ ", StringComparison.Ordinal);

    private static string Painted(string line, bool hasColor)
    {
        string? color = !hasColor || line.Length == 0 ? null : line[0] switch
        {
            '+' => Green,
            '-' => Red,
            '@' => Cyan,
            '#' or '\\' => Yellow,
            _ => null,
        };
        return color is null ? line : color + line + Reset;
    }

    private static string Cut(string line) => line.Length <= MostColumns ? line : line.Substring(0, MostColumns) + $"... ({line.Length - MostColumns} more characters)";

    private static string Visible(string line)
    {
        if (!line.Any(IsHidden)) return ForeignText.BreakCommands(line);

        var text = new StringBuilder(line.Length + 8);
        foreach (char c in line)
        {
            if (!IsHidden(c)) text.Append(c);
            else if (c < ' ') text.Append('^').Append((char)(c + '@'));
            else text.Append("\\u").Append(((int)c).ToString("X4", System.Globalization.CultureInfo.InvariantCulture));
        }

        return ForeignText.BreakCommands(text.ToString());
    }

    private static bool IsHidden(char c) => c != '\t' && ForeignText.IsActive(c);
}
