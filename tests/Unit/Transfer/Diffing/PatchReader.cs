using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Acm.Tests.Transfer.Diffing;

/// <summary>Applies a unified diff like <c>patch</c>, independently of the product, and checks every context line.</summary>
internal static partial class PatchReader
{
    public static string Apply(string old, string diff)
    {
        if (diff.Length == 0) return old;

        List<string> oldLines = Cut(old);
        List<string> patch = Cut(diff);
        var result = new StringBuilder();
        int at = 0;
        int i = patch.FindIndex(line => line.StartsWith("--- ", StringComparison.Ordinal));
        Assert.StartsWith("+++ ", patch[i + 1], StringComparison.Ordinal);
        i += 2;
        while (i < patch.Count)
        {
            Match head = Head().Match(patch[i++]);
            Assert.True(head.Success, "A hunk's head was expected.");
            int oldCount = Count(head.Groups[2]);
            int newCount = Count(head.Groups[4]);
            int start = int.Parse(head.Groups[1].ValueSpan, CultureInfo.InvariantCulture) - (oldCount == 0 ? 0 : 1);
            Assert.True(start >= at, "Hunks come in order and do not overlap.");
            while (at < start) result.Append(oldLines[at++]);
            while (oldCount > 0 || newCount > 0)
            {
                string line = patch[i++];
                bool lacksNewline = i < patch.Count && patch[i][0] == '\\';
                if (lacksNewline) i++;
                string text = lacksNewline ? line[1..^1] : line[1..];
                switch (line[0])
                {
                    case ' ':
                        Assert.Equal(oldLines[at++], text);
                        result.Append(text);
                        oldCount--;
                        newCount--;
                        break;
                    case '-':
                        Assert.Equal(oldLines[at++], text);
                        oldCount--;
                        break;
                    case '+':
                        result.Append(text);
                        newCount--;
                        break;
                    default:
                        Assert.Fail("No line of a hunk: " + line);
                        break;
                }
            }

            Assert.Equal(0, oldCount);
            Assert.Equal(0, newCount);
        }

        while (at < oldLines.Count) result.Append(oldLines[at++]);
        return result.ToString();
    }

    /// <summary>Returns the number of removed and added lines.</summary>
    public static int Changes(string diff) =>
        Cut(diff).SkipWhile(line => !line.StartsWith("@@", StringComparison.Ordinal)).Count(line => line[0] is '-' or '+');

    private static int Count(Group group) => group.Success ? int.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : 1;

    private static List<string> Cut(string text)
    {
        var lines = new List<string>();
        for (int start = 0; start < text.Length;)
        {
            int end = text.IndexOf('\n', start);
            end = end < 0 ? text.Length : end + 1;
            lines.Add(text[start..end]);
            start = end;
        }

        return lines;
    }

    [GeneratedRegex(@"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@\n$")]
    private static partial Regex Head();
}
