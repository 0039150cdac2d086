namespace Acm.Server.Storage;

/// <summary>A change in the listing of <c>acm-server history</c>.</summary>
/// <param name="Revision">The number of the change.</param>
/// <param name="At">The time of the change.</param>
/// <param name="Operation">The operation.</param>
/// <param name="Key">The configuration.</param>
/// <param name="Gray">The name of the gray version; empty for the formal one.</param>
/// <param name="By">The user or access key; empty for an anonymous change.</param>
/// <param name="From">The address of the client.</param>
/// <param name="Md5">The MD5 of the new content; null for a removal.</param>
/// <param name="Bytes">The length of the new content in bytes; null for a removal.</param>
internal sealed record HistoryRecord(long Revision, DateTimeOffset At, Operation Operation, ConfigKey Key, string Gray, string By, string From, string? Md5, long? Bytes);
