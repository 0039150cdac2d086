using System.Text;

namespace AcmPowerShell;

/// <summary>Finds the secret values of a configuration's text, and shows the text without them.</summary>
internal sealed class SecretScan
{
    /// <summary>What stands in the place of a secret.</summary>
    internal const string Mask = "***";

    /// <summary>Searching a text for its secrets once more costs their number times its length.</summary>
    private const long MostComparisons = 200_000_000;

    private readonly SecretNames _names;

    internal SecretScan(SecretNames names) => _names = names;

    /// <summary>The secret values, as they are written in the text.</summary>
    internal IReadOnlyList<string> Find(string dataId, string text) => [.. Spans(dataId, text).Select(span => text[span.Start..span.End]).Distinct(StringComparer.Ordinal)];

    /// <summary>The secrets within a single value whose own name does not say so: a password in a URI, in a connection string or in JSON. As they are written, and as they are read.</summary>
    internal IReadOnlyList<string> FindWithin(string value)
    {
        List<TextSpan> spans = Within(value);
        if (spans.Count == 0) return [];

        IEnumerable<string> read = ContentValues.TryRead(value, AcmContentFormat.Json).Where(inner => _names.Matches(inner.Path)).Select(inner => inner.Value);
        return [.. spans.Select(span => value[span.Start..span.End]).Concat(read).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The text with <see cref="Mask"/> for each secret. It has as many lines as before.</summary>
    internal string Redact(string dataId, string text) => Replace(text, Spans(dataId, text));

    private List<TextSpan> Spans(string dataId, string text)
    {
        var spans = new List<TextSpan>();
        if (dataId.StartsWith("cipher-", StringComparison.Ordinal) || _names.Matches(dataId))
        {
            spans.Add(new TextSpan(0, text.Length));
            return spans;
        }

        if (!JsonSecrets.TryFind(text, _names, spans)) new LineSecrets(text, _names, spans).Find();
        AddRepetitions(text, spans);
        return spans;
    }

    private List<TextSpan> Within(string value)
    {
        var spans = new List<TextSpan>();
        if (!JsonSecrets.TryFind(value, _names, spans)) ValueSecrets.Find(value, 0, value.Length, _names, spans);
        return spans;
    }

    // What is secret in one place is secret in a comment as well.
    private static void AddRepetitions(string text, List<TextSpan> spans)
    {
        string[] secrets = [.. spans.Select(span => text[span.Start..span.End].Trim()).Where(SecretMasks.CanMask).Distinct(StringComparer.Ordinal)];
        if ((long)secrets.Length * text.Length > MostComparisons) return;

        foreach (string secret in secrets)
        {
            for (int i = text.IndexOf(secret, StringComparison.Ordinal); i >= 0; i = text.IndexOf(secret, i + secret.Length, StringComparison.Ordinal))
                spans.Add(new TextSpan(i, i + secret.Length));
        }
    }

    private static string Replace(string text, List<TextSpan> spans)
    {
        if (spans.Count == 0) return text;

        spans.Sort((a, b) => a.Start.CompareTo(b.Start));
        var result = new StringBuilder(text.Length);
        int done = 0;
        foreach (TextSpan span in spans)
        {
            if (span.End <= done) continue;

            int start = Math.Max(span.Start, done);
            result.Append(text, done, start - done);
            AppendMasked(result, text, start, span.End, isContinued: start > span.Start);
            done = span.End;
        }

        return result.Append(text, done, text.Length - done).ToString();
    }

    // Line ends stay, so that a line of the text is the same line of what is shown.
    private static void AppendMasked(StringBuilder result, string text, int start, int end, bool isContinued)
    {
        for (int i = start; i < end;)
        {
            int stop = text.IndexOfAny(['\r', '\n'], i, end - i);
            if (stop < 0) stop = end;
            if (string.IsNullOrWhiteSpace(text[i..stop])) result.Append(text, i, stop - i);
            else if (!isContinued) result.Append(Mask);
            isContinued = false;
            if (stop < end) result.Append(text[stop]);
            i = stop + 1;
        }
    }
}
