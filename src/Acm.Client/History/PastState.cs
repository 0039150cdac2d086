using Acm.Client.Protocol;

namespace Acm.Client.History;

/// <summary>A state of a configuration in its history.</summary>
/// <param name="Row">The change that led to it; null where the history does not tell.</param>
/// <param name="Value">The value; null where the configuration did not exist.</param>
internal sealed record PastState(HistoryRow? Row, ServerValue? Value);
