namespace Acm.Client.Protocol;

/// <summary>A page of a configuration's history.</summary>
/// <param name="Rows">The changes, newest first; empty beyond the last page.</param>
/// <param name="PagesAvailable">The number of pages at this page size.</param>
internal sealed record HistoryPage(IReadOnlyList<HistoryRow> Rows, int PagesAvailable)
{
    /// <summary>Gets how long changes are kept; null if unknown.</summary>
    public TimeSpan? Retention { get; init; }
}
