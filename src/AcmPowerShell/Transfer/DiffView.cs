using System.Management.Automation.Host;
using System.Text;
using Acm.Client.Text;

namespace AcmPowerShell;

/// <summary>
/// Formats diffs for display. Control characters are made visible, such as <c>^M</c> for a carriage return, so that line endings can be
/// compared and content cannot control the terminal or a build agent.
/// </summary>
internal static class DiffView
{
    private const int MaxLines = 40;
    private const int MaxColumns = 200;
    private const string Red = "\u001b[31m";
    private const string Green = "\u001b[32m";
    private const string Yellow = "\u001b[33m";
    private const string Cyan = "\u001b[36m";
    private const string Reset = "\u001b[0m";

    /// <summary>Returns whether a host supports colors and NO_COLOR (https://no-color.org) is not set.</summary>
    internal static bool WantsColor(PSHost? host) =>
        host?.UI is { SupportsVirtualTerminal: true } && !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <summary>Returns the whole diff for display.</summary>
    internal static string Render(string diff, bool hasColor) => string.Join("\n", ForPeople(diff).Select(line => Painted(Visible(line), hasColor)));

    /// <summary>Returns the changed lines for a prompt, indented and without the header. Long diffs and lines are truncated.</summary>
    internal static string Excerpt(string? diff, bool hasColor)
    {
        if (diff is null) return "\n  (not shown: the content is encrypted or could not be read)";

        // Drop the file header. After the first hunk header, a line that looks like one is content.
        string[] all = ForPeople(diff);
        int head = Array.FindIndex(all, IsHead);
        List<string> lines = [.. all.Where((line, i) => i >= head || line[0] == '#')];
        var text = new StringBuilder();
        foreach (string line in lines.Take(MaxLines)) text.Append("\n  ").Append(Painted(Cut(Visible(line)), hasColor));
        if (lines.Count > MaxLines) text.Append("\n  ... and ").Append(lines.Count - MaxLines).Append(" more lines");
        return text.ToString();
    }

    /// <summary>Returns the number of added and removed lines.</summary>
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

    // Lines of a diff end with LF; a preceding CR is content.
    private static string[] Lines(string diff) => diff.Length == 0 ? [] : diff.TrimEnd('\n').Split('\n');

    /// <summary>Returns the lines without markers for a missing newline at the end of a file, unless only one side lacks it. Most configurations do not end with a newline.</summary>
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

    private static string Cut(string line) => line.Length <= MaxColumns ? line : line.Substring(0, MaxColumns) + $"... ({line.Length - MaxColumns} more characters)";

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
