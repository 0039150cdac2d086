using Acm.Client.Protocol;
using Acm.Client.Reading;

namespace Acm.Client.History;

/// <summary>Makes what callers see of a value in a history.</summary>
internal static class PastConfig
{
    /// <param name="namespace">Where.</param>
    /// <param name="key">Which.</param>
    /// <param name="row">The change that led to the value, whose time is the value's; null where the value keeps its own.</param>
    /// <param name="value">The value; null for none.</param>
    public static AcmConfig? Of(string @namespace, ConfigKey key, HistoryRow? row, ServerValue? value) => value is null ? null
        : row is null ? ConfigFactory.FromServer(@namespace, key, value)
        : ConfigFactory.FromServer(@namespace, key, value) with { LastModified = row.Time };
}
