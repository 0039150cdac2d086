namespace Acm.Client.Protocol;

/// <summary>A change in the history of a server. Its value is a separate request (<see cref="IConfigHistory.HistoryValue"/>).</summary>
/// <param name="Id">The number. Servers number the changes of all configurations in one ascending sequence.</param>
/// <param name="Time">When it was made.</param>
/// <param name="Kind">The kind of change.</param>
/// <param name="User">The user; empty if unknown.</param>
/// <param name="Address">The IP address of the client; empty if unknown.</param>
/// <param name="GrayName">The gray version that it changed, such as <c>beta</c> or <c>tag_NAME</c>, or <c>gray</c> if the server does not tell its name. Null for the formal content.</param>
internal sealed record HistoryRow(long Id, DateTimeOffset Time, RevisionKind Kind, string User, string Address, string? GrayName);
