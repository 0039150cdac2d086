using Acm.Client.Protocol;

namespace Acm.Client.History;

/// <summary>A state in the history of a configuration.</summary>
/// <param name="Row">The change that led to it; null if the history does not contain it.</param>
/// <param name="Value">The value; null if the configuration did not exist.</param>
internal sealed record PastState(HistoryRow? Row, ServerValue? Value);
