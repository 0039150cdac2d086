namespace Acm.Client.Protocol;

/// <summary>A change as the history of a server has it. Its value is asked for by itself (<see cref="IConfigHistory.HistoryValue"/>).</summary>
/// <param name="Id">Its number. Servers give one ascending sequence to the changes of all configurations.</param>
/// <param name="Time">When it was made.</param>
/// <param name="Kind">What it did.</param>
/// <param name="User">Who made it; empty where the server does not know.</param>
/// <param name="Address">Where it came from; empty where the server does not know.</param>
/// <param name="IsGray">Whether it changed a gray version, of which the configuration itself knows nothing.</param>
internal sealed record HistoryRow(long Id, DateTimeOffset Time, RevisionKind Kind, string User, string Address, bool IsGray);
