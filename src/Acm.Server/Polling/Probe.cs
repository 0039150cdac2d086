using Acm.Server.Storage;

namespace Acm.Server.Polling;

/// <summary>Parses the field <c>Probe-Modify-Request</c>: entries of three or four words that end with U+0001.</summary>
internal static class Probe
{
    /// <summary>The maximum number of keys, as in the original server.</summary>
    public const int MaxKeys = 10_000;

    private const byte WordSeparator = 2;
    private const byte LineSeparator = 1;

    /// <summary>Parses a list of keys.</summary>
    /// <returns>The keys; null if the list is malformed.</returns>
    public static List<ProbeItem>? TryParse(ReadOnlyMemory<byte> probe, out string refusal)
    {
        refusal = "invalid probe";
        var items = new List<ProbeItem>();
        string lastGroup = "";
        string lastTenant = "";
        Span<Range> words = stackalloc Range[5];
        while (!probe.IsEmpty)
        {
            int end = probe.Span.IndexOf(LineSeparator);
            if (end < 0) return null;

            ReadOnlyMemory<byte> entry = probe[..end];
            probe = probe[(end + 1)..];
            if (items.Count == MaxKeys)
            {
                refusal = $"too many keys, limit {MaxKeys}";
                return null;
            }

            int count = Split(entry.Span, words);
            if (count is not (3 or 4)) return null;

            // Reusing the strings of the previous entry saves memory: neighbors usually share group and namespace.
            lastGroup = Decode(entry.Span[words[1]], lastGroup);
            lastTenant = count == 4 ? Decode(entry.Span[words[3]], lastTenant) : "";
            items.Add(new ProbeItem(new ConfigKey(lastTenant, lastGroup, Charsets.DecodeName(entry.Span[words[0]])), lastTenant, entry[words[2]]));
        }

        return items.Count > 0 ? items : null;
    }

    private static int Split(ReadOnlySpan<byte> entry, Span<Range> words)
    {
        int count = 0;
        int start = 0;
        for (int i = 0; i <= entry.Length; i++)
        {
            if (i < entry.Length && entry[i] != WordSeparator) continue;
            if (count == words.Length) return count;

            words[count++] = start..i;
            start = i + 1;
        }

        return count;
    }

    private static string Decode(ReadOnlySpan<byte> bytes, string last) =>
        System.Text.Ascii.Equals(bytes, last) ? last : Charsets.DecodeName(bytes);
}
