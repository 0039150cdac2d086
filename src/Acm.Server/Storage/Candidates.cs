namespace Acm.Server.Storage;

/// <summary>The result of an index for a search.</summary>
/// <param name="Entries">All entries that may match; if the total is known, only the requested page.</param>
/// <param name="Total">The number of matches; null if the index alone cannot determine it.</param>
/// <param name="IsByDataId">Whether the entries are ordered by data ID and age; otherwise only by age.</param>
internal readonly record struct Candidates(ReadOnlyMemory<IndexedSlot> Entries, int? Total, bool IsByDataId);
