using Acm.Client.Protocol;

namespace Acm.Client.History;

/// <summary>A change with the values before and after it; null where there is none, or it is not known any more.</summary>
internal sealed record HistoryStep(HistoryRow Row, ServerValue? Before, ServerValue? After);
