namespace Acm.Client;

/// <summary>One page of a list.</summary>
public sealed class ConfigPage
{
    /// <summary>Gets the configurations on this page; empty beyond the last page.</summary>
    public required IReadOnlyList<ConfigItem> Items { get; init; }

    /// <summary>Gets the number of this page, starting at 1.</summary>
    public required int PageNumber { get; init; }

    /// <summary>Gets the number of pages at this page size.</summary>
    public required int PagesAvailable { get; init; }

    /// <summary>Gets the total number of configurations.</summary>
    public required int TotalCount { get; init; }
}
