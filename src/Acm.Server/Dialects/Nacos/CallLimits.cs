using Acm.Server.Limits;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos;

/// <summary>
/// The rate limits for one client and one configuration, and the maximum size of a content. The rate limits are shared with the other dialects.
/// </summary>
/// <param name="reads">The limit of reads of one configuration by one address.</param>
/// <param name="changes">The limit of changes of one configuration by one address.</param>
/// <param name="maxContentBytes">The maximum size of a content in bytes; null for the default of Nacos.</param>
internal sealed class CallLimits(RateLimit reads, RateLimit changes, int? maxContentBytes)
{
    // The default of Nacos.
    private const int DefaultMaxContentBytes = 10 * 1024 * 1024;

    // The size of a percent-encoded byte, and room for the other fields.
    private const int BytesPerContentByte = 3;
    private const int OtherFieldsBytes = 64 * 1024;

    public int MaxContentBytes => maxContentBytes ?? DefaultMaxContentBytes;

    /// <summary>Returns the maximum size of a form in bytes: the usual size, unless the largest allowed content needs more.</summary>
    public long MaxFormBytes(long usual) => maxContentBytes is { } most ? Math.Max(usual, (BytesPerContentByte * (long)most) + OtherFieldsBytes) : usual;

    /// <summary>Counts a call that reads or changes one configuration.</summary>
    /// <exception cref="FaultException">The rate limit is exceeded.</exception>
    public void Count(NacosCall call)
    {
        if (call.Route.Access is not (Access.Read or Access.Write)) return;
        if (call["dataId"] is not { Length: > 0 } dataId || call.Group is not { Length: > 0 } group) return;

        Count(call, call.Route.Access == Access.Write, new ConfigKey(call.Tenant, group, dataId));
    }

    /// <summary>Counts the read or change of one of several configurations.</summary>
    /// <exception cref="FaultException">The rate limit is exceeded.</exception>
    public void Count(ICaller caller, bool isWrite, ConfigKey key)
    {
        if (!(isWrite ? changes : reads).Allows(caller.Address, key)) throw new FaultException(Fault.Throttled, "errCode: 503, errMsg: server limit match. ");
    }

    /// <summary>Checks the size of a content.</summary>
    /// <exception cref="FaultException">The content is too large.</exception>
    public void CheckSize(byte[] content)
    {
        if (content.Length > MaxContentBytes) throw FaultException.BadValue($"invalid content, over {MaxContentBytes}");
    }
}
