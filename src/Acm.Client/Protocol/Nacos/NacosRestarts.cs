namespace Acm.Client.Protocol.Nacos;

/// <summary>
/// Tracks whether a server of this session was recently down or starting. Just after a start, servers reject valid passwords and report existing configurations as missing. Thread-safe.
/// </summary>
internal sealed class NacosRestarts(TimeProvider clock)
{
    /// <summary>How long after a start a server may reject a valid password (observed up to 9 s) or answer incorrectly.</summary>
    public static readonly TimeSpan Settles = TimeSpan.FromSeconds(20);

    private readonly object _gate = new();
    private long? _seen;

    /// <summary>Gets whether a restart was noticed in the last 20 s.</summary>
    public bool WasSeen
    {
        get
        {
            lock (_gate) return _seen is { } at && clock.GetElapsedTime(at) < Settles;
        }
    }

    /// <summary>Records a sign of a restart: a connection that was refused or reset, or a server that reports that it is starting.</summary>
    public void Note()
    {
        lock (_gate) _seen = clock.GetTimestamp();
    }
}
