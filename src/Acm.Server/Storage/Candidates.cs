namespace Acm.Server.Storage;

/// <summary>What an index gives for a search.</summary>
/// <param name="Entries">All that may match; or, where the total is known, the page that was asked for.</param>
/// <param name="Total">How many match, where the index alone tells that.</param>
/// <param name="IsByDataId">They are ordered by data ID, then by age; else by age alone.</param>
internal readonly record struct Candidates(ReadOnlyMemory<IndexedSlot> Entries, int? Total, bool IsByDataId);
