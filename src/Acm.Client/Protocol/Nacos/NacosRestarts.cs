namespace Acm.Client.Protocol.Nacos;

/// <summary>
/// Whether a server of this session was seen to be down or starting in the last seconds. Servers that are just up refuse right passwords, and are not to be believed in what they deny. Thread-safe.
/// </summary>
internal sealed class NacosRestarts(TimeProvider clock)
{
    /// <summary>How long after a start a server may still refuse the right password (recorded: up to 9 s), or answer wrongly.</summary>
    public static readonly TimeSpan Settles = TimeSpan.FromSeconds(20);

    private readonly object _gate = new();
    private long? _seen;

    /// <summary>Whether one was seen in the last 20 s.</summary>
    public bool WasSeen
    {
        get
        {
            lock (_gate) return _seen is { } at && clock.GetElapsedTime(at) < Settles;
        }
    }

    /// <summary>Notes a sign of a restart: a connection that was refused or reset, or a server that says that it is starting.</summary>
    public void Note()
    {
        lock (_gate) _seen = clock.GetTimestamp();
    }
}
