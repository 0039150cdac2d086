namespace Acm.Client.Protocol;

/// <summary>A change in the history of a server. Its value is a separate request (<see cref="IConfigHistory.HistoryValue"/>).</summary>
/// <param name="Id">The number. Servers number the changes of all configurations in one ascending sequence.</param>
/// <param name="Time">When it was made.</param>
/// <param name="Kind">The kind of change.</param>
/// <param name="User">The user; empty if unknown.</param>
/// <param name="Address">The IP address of the client; empty if unknown.</param>
/// <param name="IsGray">Whether it changed a gray release and not the configuration itself.</param>
internal sealed record HistoryRow(long Id, DateTimeOffset Time, RevisionKind Kind, string User, string Address, bool IsGray);
