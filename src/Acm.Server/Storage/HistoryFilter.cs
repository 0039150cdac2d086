namespace Acm.Server.Storage;

/// <summary>Which changes are listed. Null stands for any.</summary>
/// <param name="Tenant">In which namespace; blank for the public one.</param>
/// <param name="Group">In which group.</param>
/// <param name="DataId">Of which data ID.</param>
/// <param name="Most">How many; null for all.</param>
internal sealed record HistoryFilter(string? Tenant, string? Group, string? DataId, int? Most);
