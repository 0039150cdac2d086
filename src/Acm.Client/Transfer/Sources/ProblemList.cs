namespace Acm.Client.Transfer.Sources;

/// <summary>Collects the problems of a set, so that all can be fixed together: the first ones in full, and the number of the others.</summary>
internal sealed class ProblemList
{
    private const int MostShown = 20;

    private readonly List<AcmException> _shown = [];
    private int _count;

    public bool IsEmpty => _count == 0;

    public void Add(AcmException problem)
    {
        _count++;
        if (_shown.Count < MostShown) _shown.Add(problem);
    }

    public IReadOnlyList<AcmException> ToList() => _count <= _shown.Count
        ? [.. _shown]
        : [.. _shown, new AcmException(_shown[0].Kind, $"{Words(_count - _shown.Count)} cannot be used, either.")];

    private static string Words(int count) => count == 1 ? "1 more file" : $"{count} more files";
}
