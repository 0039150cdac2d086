namespace Acm.Client.Protocol;

/// <summary>A page of a configuration's history.</summary>
/// <param name="Rows">Its changes, newest first; empty beyond the last page.</param>
/// <param name="PagesAvailable">How many pages there are at this page size.</param>
internal sealed record HistoryPage(IReadOnlyList<HistoryRow> Rows, int PagesAvailable)
{
    /// <summary>How long changes are kept; null where that is not known.</summary>
    public TimeSpan? Retention { get; init; }
}
