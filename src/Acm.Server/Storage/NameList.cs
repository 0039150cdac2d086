namespace Acm.Server.Storage;

/// <summary>
/// Configurations in the order of a name, never changed once made. All names also stand in one text, so that a search for a part of a name runs
/// through memory in a row and touches no configuration that it does not find.
/// </summary>
internal sealed class NameList
{
    // No name that is stored has it: a part of a name is never found across two of them.
    private const char Separator = '\0';

    private readonly Lazy<Text> _text;

    public NameList(IndexedSlot[] entries)
    {
        Entries = entries;
        _text = new Lazy<Text>(() => new Text(entries));
    }

    public IndexedSlot[] Entries { get; }

    /// <summary>The place of the first data ID that has the prefix, or of the first one behind those.</summary>
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

    /// <summary>A part of the list, not copied.</summary>
    public ReadOnlyMemory<IndexedSlot> Part(int first, int end, long skip, int take)
    {
        int count = IndexedSlot.Part(Entries.AsSpan(first, end - first), skip, take).Length;
        return count == 0 ? default : Entries.AsMemory(first + (int)skip, count);
    }

    /// <summary>The entries between two places whose data ID matches, and how many they are without <paramref name="skip"/> and <paramref name="take"/>.</summary>
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

        /// <summary>The first place at or behind another one whose name has the literal; -1 where none before the end has it.</summary>
        public int Next(string literal, int from, int end)
        {
            if (from >= end) return -1;

            int start = _starts[from];
            int at = _characters.AsSpan(start, _starts[end] - start).IndexOf(literal.AsSpan());
            return at < 0 ? -1 : PlaceOf(start + at, from, end);
        }

        // Most finds are near: the steps double until one is too far, and the place is between the last two.
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
