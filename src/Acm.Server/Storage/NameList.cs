namespace Acm.Server.Storage;

/// <summary>
/// An immutable list of configurations, ordered by name. All data IDs are also concatenated in one text, so that a search for a part of a name
/// scans contiguous memory and only accesses the configurations that it finds.
/// </summary>
internal sealed class NameList
{
    // Stored names do not contain it, so a match never spans two names.
    private const char Separator = '\0';

    private readonly Lazy<Text> _text;

    public NameList(IndexedSlot[] entries)
    {
        Entries = entries;
        _text = new Lazy<Text>(() => new Text(entries));
    }

    public IndexedSlot[] Entries { get; }

    /// <summary>Returns the index of the first data ID with a prefix, or of the first one after those.</summary>
    public int Bound(string prefix, bool isWhole, bool behind)
    {
        int low = 0;
        int high = Entries.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            string name = Entries[middle].DataId;
            int compared = isWhole ? string.CompareOrdinal(name, prefix) : string.CompareOrdinal(name, 0, prefix, 0, prefix.Length);
            if (compared < 0 || (behind && compared == 0)) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    /// <summary>Returns a part of the list without copying it.</summary>
    public ReadOnlyMemory<IndexedSlot> Part(int first, int end, long skip, int take)
    {
        int count = IndexedSlot.Part(Entries.AsSpan(first, end - first), skip, take).Length;
        return count == 0 ? default : Entries.AsMemory(first + (int)skip, count);
    }

    /// <summary>Returns a page of the entries in a range whose data ID matches, and their total number.</summary>
    public (IndexedSlot[] Entries, int Total) Find(TextMatch match, int first, int end, long skip, int take)
    {
        string literal = match.LongestLiteral;
        var found = new List<IndexedSlot>();
        int total = 0;
        if (literal.Contains(Separator, StringComparison.Ordinal)) return ([], 0);

        Text text = _text.Value;
        for (int place = text.Next(literal, first, end); place >= 0; place = text.Next(literal, place + 1, end))
        {
            if (!match.IsInfix && !match.Matches(Entries[place].DataId)) continue;
            if (total >= skip && found.Count < take) found.Add(Entries[place]);

            total++;
        }

        return ([.. found], total);
    }

    private sealed class Text
    {
        private readonly char[] _characters;
        private readonly int[] _starts;

        public Text(IndexedSlot[] entries)
        {
            _starts = new int[entries.Length + 1];
            for (int i = 0; i < entries.Length; i++) _starts[i + 1] = _starts[i] + entries[i].DataId.Length + 1;

            _characters = new char[_starts[^1]];
            for (int i = 0; i < entries.Length; i++)
            {
                entries[i].DataId.CopyTo(_characters.AsSpan(_starts[i]));
                _characters[_starts[i + 1] - 1] = Separator;
            }
        }

        /// <summary>Returns the index of the first name in a range that contains the literal; -1 if there is none.</summary>
        public int Next(string literal, int from, int end)
        {
            if (from >= end) return -1;

            int start = _starts[from];
            int at = _characters.AsSpan(start, _starts[end] - start).IndexOf(literal.AsSpan());
            return at < 0 ? -1 : PlaceOf(start + at, from, end);
        }

        // An exponential search, because most matches are close to each other.
        private int PlaceOf(int character, int from, int end)
        {
            int step = 1;
            while (from + step < end && _starts[from + step] <= character)
            {
                from += step;
                step *= 2;
            }

            int place = Array.BinarySearch(_starts, from, Math.Min(step, end - from), character);
            return place >= 0 ? place : ~place - 1;
        }
    }
}
