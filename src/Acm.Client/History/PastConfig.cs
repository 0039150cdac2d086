using Acm.Client.Protocol;
using Acm.Client.Reading;

namespace Acm.Client.History;

/// <summary>Creates <see cref="AcmConfig"/> objects from values of a history.</summary>
internal static class PastConfig
{
    /// <param name="namespace">The namespace.</param>
    /// <param name="key">The configuration.</param>
    /// <param name="row">The change that led to the value and determines its time; null to keep the value's own time.</param>
    /// <param name="value">The value; null for none.</param>
    public static AcmConfig? Of(string @namespace, ConfigKey key, HistoryRow? row, ServerValue? value) => value is null ? null
        : row is null ? ConfigFactory.FromServer(@namespace, key, value)
        : ConfigFactory.FromServer(@namespace, key, value) with { LastModified = row.Time };
}
