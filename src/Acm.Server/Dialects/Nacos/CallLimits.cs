using Acm.Server.Limits;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos;

/// <summary>
/// How often one client may read and change one configuration, and how large a content may be. The rates are those of the other dialects:
/// a call of each counts.
/// </summary>
/// <param name="reads">Of one configuration by one address.</param>
/// <param name="changes">Of one configuration by one address.</param>
/// <param name="maxContentBytes">Null where nobody said it.</param>
internal sealed class CallLimits(RateLimit reads, RateLimit changes, int? maxContentBytes)
{
    // What the real servers take.
    private const int DefaultMaxContentBytes = 10 * 1024 * 1024;

    // Each byte of the content percent-encoded, and room for the other fields.
    private const int BytesPerContentByte = 3;
    private const int OtherFieldsBytes = 64 * 1024;

    public int MaxContentBytes => maxContentBytes ?? DefaultMaxContentBytes;

    /// <summary>The largest form: the usual size, unless contents were allowed that need more.</summary>
    public long MaxFormBytes(long usual) => maxContentBytes is { } most ? Math.Max(usual, (BytesPerContentByte * (long)most) + OtherFieldsBytes) : usual;

    /// <summary>Counts a call that names one configuration.</summary>
    /// <exception cref="FaultException">There were too many.</exception>
    public void Count(NacosCall call)
    {
        if (call.Route.Access is not (Access.Read or Access.Write)) return;
        if (call["dataId"] is not { Length: > 0 } dataId || call.Group is not { Length: > 0 } group) return;

        Count(call, call.Route.Access == Access.Write, new ConfigKey(call.Tenant, group, dataId));
    }

    /// <summary>Counts what a call does with one of several configurations.</summary>
    /// <exception cref="FaultException">There were too many.</exception>
    public void Count(ICaller caller, bool isWrite, ConfigKey key)
    {
        if (!(isWrite ? changes : reads).Allows(caller.Address, key)) throw new FaultException(Fault.Throttled, "errCode: 503, errMsg: server limit match. ");
    }

    /// <exception cref="FaultException">The content is larger.</exception>
    public void CheckSize(byte[] content)
    {
        if (content.Length > MaxContentBytes) throw FaultException.BadValue($"invalid content, over {MaxContentBytes}");
    }
}
