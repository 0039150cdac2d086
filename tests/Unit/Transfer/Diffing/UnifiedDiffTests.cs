using System.Diagnostics;
using System.Text;
using Acm.Client.Transfer.Diffing;

namespace Acm.Tests.Transfer.Diffing;

public sealed class UnifiedDiffTests
{
    [Fact]
    public void A_changed_line_has_three_lines_around_it()
    {
        string diff = UnifiedDiff.Of("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n", "prod/a", "config/a");

        Assert.Equal("--- prod/a\n+++ config/a\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n", diff);
    }

    [Fact]
    public void Changes_whose_surroundings_touch_are_one_hunk_and_others_are_two()
    {
        string old = string.Concat(Enumerable.Range(1, 20).Select(i => i + "\n"));

        string near = UnifiedDiff.Of(old, old.Replace("3\n", "x\n", StringComparison.Ordinal).Replace("10\n", "y\n", StringComparison.Ordinal), "o", "n");
        string far = UnifiedDiff.Of("a\n" + old, "b\n" + old + "c\n", "o", "n");

        Assert.Equal(2, far.Split("@@ -").Length - 1);
        Assert.Contains("@@ -1,4 +1,4 @@", far, StringComparison.Ordinal);
        Assert.Contains("@@ -19,3 +19,4 @@", far, StringComparison.Ordinal);
        Assert.Contains("@@ -1,16 +1,16 @@", near, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "a\n", "--- /dev/null\n+++ n\n@@ -0,0 +1 @@\n+a\n")]
    [InlineData("a\n", null, "--- o\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n")]
    [InlineData("a", "a\n", "--- o\n+++ n\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n")]
    [InlineData("a\nb\n", "a\nb", "--- o\n+++ n\n@@ -1,2 +1,2 @@\n a\n-b\n+b\n\\ No newline at end of file\n")]
    [InlineData("x\na", "y\na", "--- o\n+++ n\n@@ -1,2 +1,2 @@\n-x\n+y\n a\n\\ No newline at end of file\n")]
    [InlineData("a\r\nb\r\n", "a\nb\n", "# line ends: CR LF -> LF\n--- o\n+++ n\n@@ -1,2 +1,2 @@\n-a\r\n-b\r\n+a\n+b\n")]
    [InlineData("a\nb\n", "a\r\nb\n", "# line ends: LF -> CR LF and LF\n--- o\n+++ n\n@@ -1,2 +1,2 @@\n-a\n+a\r\n b\n")]
    [InlineData("same", "same", "")]
    [InlineData("", null, "--- o\n+++ /dev/null\n")]
    public void Edges_are_written_as_diff_writes_them(string? old, string? @new, string expected)
    {
        Assert.Equal(expected, UnifiedDiff.Of(old, @new, "o", "n"));
    }

    [Fact]
    public void Applying_the_diff_of_any_two_texts_makes_the_new_one_of_the_old_one()
    {
        var random = new Random(20_261_124);
        for (int round = 0; round < 3000; round++)
        {
            (string old, string @new) = Pair(random);

            string diff = UnifiedDiff.Of(old, @new, "o", "n");

            Assert.Equal(@new, PatchReader.Apply(old, diff));
        }
    }

    [Fact]
    public void No_shorter_diff_exists()
    {
        var random = new Random(7);
        for (int round = 0; round < 1500; round++)
        {
            (string old, string @new) = Pair(random);
            int[] a = [.. Lines(old).Select(line => line.GetHashCode(StringComparison.Ordinal))];
            int[] b = [.. Lines(@new).Select(line => line.GetHashCode(StringComparison.Ordinal))];

            LineDiff diff = LineDiff.Of(a, b);

            int changes = diff.Removed.Count(gone => gone) + diff.Added.Count(come => come);
            Assert.Equal(a.Length + b.Length - (2 * LongestCommon(a, b)), changes);
        }
    }

    [Fact]
    public void Where_the_work_would_be_too_much_the_diff_is_coarser_and_still_right()
    {
        var random = new Random(11);
        for (int round = 0; round < 500; round++)
        {
            int[] a = [.. Enumerable.Range(0, 200).Select(_ => random.Next(40))];
            int[] b = [.. Enumerable.Range(0, 200).Select(_ => random.Next(40))];

            LineDiff diff = LineDiff.Of(a, b, mostSteps: random.Next(2000));

            Assert.Equal(a.Where((_, i) => !diff.Removed[i]), b.Where((_, i) => !diff.Added[i]));
        }
    }

    [Fact]
    public void Two_long_texts_without_a_common_line_take_no_time_to_speak_of()
    {
        string old = string.Concat(Enumerable.Range(0, 60_000).Select(i => $"old {i}\n"));
        string @new = string.Concat(Enumerable.Range(0, 60_000).Select(i => $"new {i}\n"));

        long start = Stopwatch.GetTimestamp();
        string diff = UnifiedDiff.Of(old, @new, "o", "n");
        TimeSpan taken = Stopwatch.GetElapsedTime(start);

        Assert.Equal(120_000, PatchReader.Changes(diff));
        Assert.True(taken < TimeSpan.FromSeconds(20), $"It took {taken}.");
    }

    private static (string Old, string New) Pair(Random random)
    {
        string[] alphabet = random.Next(3) == 0 ? ["a\n", "a\r\n", "\n"] : ["a\n", "b\n", "c\n", "中\n", "\n", "d\r\n", "-x\n", "+x\n", "@@\n", "\\ y\n"];
        int changes = random.Next(12);
        var lines = Enumerable.Range(0, random.Next(40)).Select(_ => alphabet[random.Next(alphabet.Length)]).ToList();
        string old = Ended(lines, random);
        for (int i = 0; i < changes; i++)
        {
            int at = random.Next(lines.Count + 1);
            if (random.Next(2) == 0 && at < lines.Count) lines.RemoveAt(at);
            else lines.Insert(at, alphabet[random.Next(alphabet.Length)]);
        }

        return (old, Ended(lines, random));
    }

    private static string Ended(List<string> lines, Random random) => string.Concat(lines) + (random.Next(3) == 0 ? "end" : "");

    private static string[] Lines(string text)
    {
        var lines = new List<string>();
        var line = new StringBuilder();
        foreach (char c in text)
        {
            line.Append(c);
            if (c != '\n') continue;

            lines.Add(line.ToString());
            line.Clear();
        }

        if (line.Length > 0) lines.Add(line.ToString());
        return [.. lines];
    }

    private static int LongestCommon(int[] a, int[] b)
    {
        int[,] lengths = new int[a.Length + 1, b.Length + 1];
        for (int i = a.Length - 1; i >= 0; i--)
        {
            for (int j = b.Length - 1; j >= 0; j--)
                lengths[i, j] = a[i] == b[j] ? lengths[i + 1, j + 1] + 1 : Math.Max(lengths[i + 1, j], lengths[i, j + 1]);
        }

        return lengths[0, 0];
    }
}
