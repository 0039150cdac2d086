namespace Acm.Client;

/// <summary>One page of a namespace's list.</summary>
public sealed class ConfigPage
{
    /// <summary>The configurations on this page; empty beyond the last page.</summary>
    public required IReadOnlyList<ConfigItem> Items { get; init; }

    /// <summary>This page's number, from 1.</summary>
    public required int PageNumber { get; init; }

    /// <summary>How many pages there are at this page size.</summary>
    public required int PagesAvailable { get; init; }

    /// <summary>How many configurations the namespace holds.</summary>
    public required int TotalCount { get; init; }
}
