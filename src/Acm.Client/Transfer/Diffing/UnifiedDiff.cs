using System.Globalization;
using System.Text;

namespace Acm.Client.Transfer.Diffing;

/// <summary>Creates diffs in the unified format of <c>diff -u</c> and <c>patch</c>.</summary>
public static class UnifiedDiff
{
    /// <summary>The name of a missing side.</summary>
    public const string NoFile = "/dev/null";

    private const int Context = 3;
    private const string NoNewline = "\\ No newline at end of file\n";

    /// <summary>Returns the diff; empty if there is no difference.</summary>
    /// <param name="oldText">The old text; null for none.</param>
    /// <param name="newText">The new text; null for none.</param>
    /// <param name="oldName">The name of the old text.</param>
    /// <param name="newName">The name of the new text.</param>
    public static string Of(string? oldText, string? newText, string oldName, string newName) => Of(oldText, newText, oldName, newName, redact: null).Text;

    /// <summary>Returns the diff, and the diff with redacted lines. Differences in redacted parts still show as changed lines.</summary>
    /// <param name="oldText">The old text; null for none.</param>
    /// <param name="newText">The new text; null for none.</param>
    /// <param name="oldName">The name of the old text.</param>
    /// <param name="newName">The name of the new text.</param>
    /// <param name="redact">Redacts a text and keeps its number of lines; null for no redaction.</param>
    public static (string Text, string Redacted) Of(string? oldText, string? newText, string oldName, string newName, Func<string, string>? redact)
    {
        if (oldText == newText) return ("", "");

        var old = new TextLines(oldText ?? "");
        var @new = new TextLines(newText ?? "");
        (int[] oldNumbers, int[] newNumbers) = TextLines.Number(old, @new);
        LineDiff diff = LineDiff.Of(oldNumbers, newNumbers);
        Hunk[] hunks = [.. Hunks(diff)];
        var head = new StringBuilder();

        // A CR is invisible. Programs ignore text before the file names.
        if (oldText is not null && newText is not null && old.Ends != @new.Ends && (old.Ends + @new.Ends).Contains("CR")) head.Append("# line ends: ").Append(old.Ends).Append(" -> ").Append(@new.Ends).Append('\n');
        head.Append("--- ").Append(oldText is null ? NoFile : oldName).Append('\n');
        head.Append("+++ ").Append(newText is null ? NoFile : newName).Append('\n');
        string text = Written(old, @new);
        return redact is null ? (text, text) : (text, Written(Redacted(oldText, old, redact), Redacted(newText, @new, redact)));

        string Written(TextLines oldLines, TextLines newLines)
        {
            var result = new StringBuilder(head.ToString());
            foreach (Hunk hunk in hunks) Write(result, hunk, diff, oldLines, newLines);
            return result.ToString();
        }
    }

    private static TextLines Redacted(string? text, TextLines lines, Func<string, string> redact)
    {
        if (text is null) return lines;

        var redacted = new TextLines(redact(text));
        return redacted.Count == lines.Count ? redacted : throw new InvalidOperationException("Redaction changed the number of lines.");
    }

    private static IEnumerable<Hunk> Hunks(LineDiff diff)
    {
        int oldCount = diff.Removed.Length;
        int newCount = diff.Added.Length;
        int x = 0;
        int y = 0;
        while (true)
        {
            while (x < oldCount && y < newCount && !diff.Removed[x] && !diff.Added[y]) (x, y) = (x + 1, y + 1);
            if (x >= oldCount && y >= newCount) yield break;

            int before = Math.Min(Context, x);
            (int oldStart, int newStart) = (x - before, y - before);
            int same = 0;

            // Changes with overlapping contexts form one hunk.
            while ((x < oldCount || y < newCount) && same <= 2 * Context)
            {
                if (x < oldCount && diff.Removed[x]) (x, same) = (x + 1, 0);
                else if (y < newCount && diff.Added[y]) (y, same) = (y + 1, 0);
                else (x, y, same) = (x + 1, y + 1, same + 1);
            }

            int tooMany = Math.Max(0, same - Context);
            yield return new Hunk(oldStart, x - tooMany, newStart, y - tooMany);
        }
    }

    private static void Write(StringBuilder text, Hunk hunk, LineDiff diff, TextLines old, TextLines @new)
    {
        text.Append("@@ -").Append(Range(hunk.OldStart, hunk.OldEnd)).Append(" +").Append(Range(hunk.NewStart, hunk.NewEnd)).Append(" @@\n");
        int x = hunk.OldStart;
        int y = hunk.NewStart;
        while (x < hunk.OldEnd || y < hunk.NewEnd)
        {
            if (x < hunk.OldEnd && diff.Removed[x])
            {
                Write(text, '-', old, x++);
            }
            else if (y < hunk.NewEnd && diff.Added[y])
            {
                Write(text, '+', @new, y++);
            }
            else
            {
                Write(text, ' ', old, x++);
                y++;
            }
        }
    }

    private static void Write(StringBuilder text, char mark, TextLines lines, int index)
    {
        text.Append(mark);
        lines.AppendTo(text, index);
        text.Append('\n');
        if (index == lines.Count - 1 && !lines.EndsWithNewline) text.Append(NoNewline);
    }

    // A range of one line is its number only; an empty range is the number of the line before it.
    private static string Range(int start, int end) => (end - start) switch
    {
        1 => (start + 1).ToString(CultureInfo.InvariantCulture),
        0 => start.ToString(CultureInfo.InvariantCulture) + ",0",
        int count => (start + 1).ToString(CultureInfo.InvariantCulture) + "," + count.ToString(CultureInfo.InvariantCulture),
    };

    private readonly record struct Hunk(int OldStart, int OldEnd, int NewStart, int NewEnd);
}
