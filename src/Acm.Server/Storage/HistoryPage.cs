namespace Acm.Server.Storage;

/// <summary>A page of a key's history, newest first.</summary>
internal readonly record struct HistoryPage(int TotalCount, IReadOnlyList<HistoryItem> Items)
{
    public static HistoryPage Empty { get; } = new(0, []);
}
