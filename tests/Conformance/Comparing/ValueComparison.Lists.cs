using Acm.Conformance.Json;

namespace Acm.Conformance.Comparing;

/// <summary>Compares lists: pairs equal items first, then items with the same names.</summary>
internal sealed partial class ValueComparison
{
    private static readonly HashSet<string> Unordered = ["changedConfigs", "contexts"];

    public void CompareLists(string place, List<object?> real, List<object?> ours, string name)
    {
        // Searches query the database without an order; a history is ordered.
        bool isFree = Unordered.Contains(name) || (name == "pageItems" && !Path.Contains("/history", StringComparison.Ordinal));
        var pairs = new List<(int Real, int Ours)>();
        List<int> leftReal = [.. Enumerable.Range(0, real.Count)];
        List<int> leftOurs = [.. Enumerable.Range(0, ours.Count)];
        foreach (Func<object?, double, string> key in new[] { (item, at) => ChangingValues.Canonical(item, at), ChangingValues.Identity })
        {
            string[] x = [.. leftReal.Select(i => key(real[i], RealAt))];
            string[] y = [.. leftOurs.Select(j => key(ours[j], OursAt))];
            List<(int Real, int Ours)> found = [.. (isFree || IsSameSet(x, y) ? ByKey(x, y) : ByOrder(x, y)).Select(p => (leftReal[p.Real], leftOurs[p.Ours]))];
            pairs.AddRange(found);
            leftReal.RemoveAll(i => found.Any(p => p.Real == i));
            leftOurs.RemoveAll(j => found.Any(p => p.Ours == j));
        }

        int rest = Math.Min(leftReal.Count, leftOurs.Count);
        pairs.AddRange(leftReal.Take(rest).Zip(leftOurs.Take(rest)));
        pairs.Sort();
        int[] order = [.. pairs.Where(p => !HasRandomPlace(real[p.Real])).Select(p => p.Ours)];
        if (!order.SequenceEqual(order.Order())) Add("body", place, new Words($"order of {real.Count} items"), new Words("another order"), isFree);
        foreach ((int i, int j) in pairs) Compare($"{place}[{i}]", real[i], ours[j], name == "data" ? "" : name);
        foreach (int i in leftReal.Skip(rest)) Add("shape", $"{place}[{i}]", real[i], Words.Absent);
        foreach (int j in leftOurs.Skip(rest)) Add("shape", $"{place}[{j} of OURS]", Words.Absent, ours[j]);
    }

    private static bool IsSameSet(string[] x, string[] y) =>
        x.Length == y.Length && x.Order(StringComparer.Ordinal).SequenceEqual(y.Order(StringComparer.Ordinal));

    private static IEnumerable<(int Real, int Ours)> ByKey(string[] x, string[] y)
    {
        var places = new Dictionary<string, Queue<int>>(StringComparer.Ordinal);
        for (int j = 0; j < y.Length; j++)
        {
            if (!places.TryGetValue(y[j], out Queue<int>? same)) places[y[j]] = same = new Queue<int>();
            same.Enqueue(j);
        }

        for (int i = 0; i < x.Length; i++)
        {
            if (places.TryGetValue(x[i], out Queue<int>? same) && same.TryDequeue(out int j)) yield return (i, j);
        }
    }

    private static IEnumerable<(int Real, int Ours)> ByOrder(string[] x, string[] y) =>
        new SequenceMatcher<string>(x, y).MatchingBlocks().SelectMany(block => Enumerable.Range(0, block.Size).Select(n => (block.A + n, block.B + n)));

    /// <summary>Returns whether the order of items is undefined: namespaces are sorted by ID, which may be random.</summary>
    private bool HasRandomPlace(object? item) =>
        Path.Contains("namespace", StringComparison.Ordinal) && item is JsonMap map && map.Text("namespace") is { } id && Patterns.Uuid.IsWhole(id);
}
