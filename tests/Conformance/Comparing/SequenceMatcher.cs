namespace Acm.Conformance.Comparing;

/// <summary>Finds the longest matching blocks of two sequences, like Python's difflib without junk heuristics.</summary>
internal sealed class SequenceMatcher<T>(IReadOnlyList<T> a, IReadOnlyList<T> b)
    where T : notnull
{
    private readonly Dictionary<T, List<int>> _places = b.Select((item, index) => (item, index)).GroupBy(x => x.item, x => x.index).ToDictionary(g => g.Key, g => g.ToList());

    /// <summary>Blocks of equal items, in order.</summary>
    public IReadOnlyList<(int A, int B, int Size)> MatchingBlocks()
    {
        var found = new List<(int A, int B, int Size)>();
        var open = new Stack<(int ALow, int AHigh, int BLow, int BHigh)>([(0, a.Count, 0, b.Count)]);
        while (open.TryPop(out (int ALow, int AHigh, int BLow, int BHigh) part))
        {
            (int i, int j, int size) = LongestMatch(part.ALow, part.AHigh, part.BLow, part.BHigh);
            if (size == 0) continue;

            found.Add((i, j, size));
            if (part.ALow < i && part.BLow < j) open.Push((part.ALow, i, part.BLow, j));
            if (i + size < part.AHigh && j + size < part.BHigh) open.Push((i + size, part.AHigh, j + size, part.BHigh));
        }

        found.Sort();
        return found;
    }

    /// <summary>Ranges that are equal or replace each other, in order, covering both sequences.</summary>
    public IEnumerable<(int ALow, int AHigh, int BLow, int BHigh)> Ranges()
    {
        int i = 0;
        int j = 0;
        foreach ((int atA, int atB, int size) in MatchingBlocks())
        {
            if (i < atA || j < atB) yield return (i, atA, j, atB);

            yield return (atA, atA + size, atB, atB + size);
            i = atA + size;
            j = atB + size;
        }

        if (i < a.Count || j < b.Count) yield return (i, a.Count, j, b.Count);
    }

    private (int A, int B, int Size) LongestMatch(int aLow, int aHigh, int bLow, int bHigh)
    {
        (int bestA, int bestB, int bestSize) = (aLow, bLow, 0);
        var lengths = new Dictionary<int, int>();
        for (int i = aLow; i < aHigh; i++)
        {
            var next = new Dictionary<int, int>();
            foreach (int j in _places.GetValueOrDefault(a[i]) ?? [])
            {
                if (j < bLow) continue;
                if (j >= bHigh) break;

                int length = next[j] = lengths.GetValueOrDefault(j - 1) + 1;
                if (length > bestSize) (bestA, bestB, bestSize) = (i - length + 1, j - length + 1, length);
            }

            lengths = next;
        }

        return (bestA, bestB, bestSize);
    }
}
