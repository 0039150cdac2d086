namespace Acm.Server.Storage;

/// <summary>A filter for changes; null for any.</summary>
/// <param name="Tenant">The namespace; empty for the public one.</param>
/// <param name="Group">The group.</param>
/// <param name="DataId">The data ID.</param>
/// <param name="Most">The maximum number of changes; null for all.</param>
internal sealed record HistoryFilter(string? Tenant, string? Group, string? DataId, int? Most);
