using System.Text;

namespace AcmPowerShell;

/// <summary>Finds and redacts secret values in the text of a configuration.</summary>
internal sealed class SecretScan
{
    /// <summary>The replacement for a secret.</summary>
    internal const string Mask = "***";

    /// <summary>Limit for the search for repeated secrets, whose cost is their number times the length of the text.</summary>
    private const long MaxComparisons = 200_000_000;

    private readonly SecretNames _names;

    internal SecretScan(SecretNames names) => _names = names;

    /// <summary>Returns the secret values as written in the text.</summary>
    internal IReadOnlyList<string> Find(string dataId, string text) => [.. Spans(dataId, text).Select(span => text[span.Start..span.End]).Distinct(StringComparer.Ordinal)];

    /// <summary>Returns the secrets within a value, such as a password in a URI, a connection string or JSON, both as written and as parsed.</summary>
    internal IReadOnlyList<string> FindWithin(string value)
    {
        List<TextSpan> spans = Within(value);
        if (spans.Count == 0) return [];

        IEnumerable<string> read = ContentValues.TryRead(value, AcmContentFormat.Json).Where(inner => _names.Matches(inner.Path)).Select(inner => inner.Value);
        return [.. spans.Select(span => value[span.Start..span.End]).Concat(read).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Returns the text with <see cref="Mask"/> for each secret. The number of lines is unchanged.</summary>
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

    // A secret value is also redacted where it is repeated, for example in a comment.
    private static void AddRepetitions(string text, List<TextSpan> spans)
    {
        string[] secrets = [.. spans.Select(span => text[span.Start..span.End].Trim()).Where(SecretMasks.CanMask).Distinct(StringComparer.Ordinal)];
        if ((long)secrets.Length * text.Length > MaxComparisons) return;

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

    // Line endings are kept, so that line numbers are unchanged.
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
