using Acm.Client.Protocol;

namespace Acm.Client.History;

/// <summary>A change with the values before and after it; null if there is none, or it is no longer known.</summary>
internal sealed record HistoryStep(HistoryRow Row, ServerValue? Before, ServerValue? After);
