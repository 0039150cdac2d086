namespace Acm.Server.Storage;

/// <summary>A change as an administrator of the server sees it: who made what of which configuration.</summary>
/// <param name="Revision">Its number.</param>
/// <param name="At">When it was made.</param>
/// <param name="Operation">What it did.</param>
/// <param name="Key">To which configuration.</param>
/// <param name="Gray">To which gray version of it; blank for the formal one.</param>
/// <param name="By">The user or the access key; blank where nobody logged in.</param>
/// <param name="From">The address of the client.</param>
/// <param name="Md5">Of the content after it; null after a removal.</param>
/// <param name="Bytes">The length of that content; null after a removal.</param>
internal sealed record HistoryRecord(long Revision, DateTimeOffset At, Operation Operation, ConfigKey Key, string Gray, string By, string From, string? Md5, long? Bytes);
