using Acm.Client.Protocol;

namespace Acm.Client.Watching.Feeds;

/// <summary>Whether the servers of a connection hold requests, as the last long polls showed. A refusal counts for some minutes: servers and proxies are replaced. Thread-safe.</summary>
internal sealed class LongPollSupport
{
    /// <summary>The time from a refusal to the next long poll.</summary>
    public static readonly TimeSpan ProbeInterval = TimeSpan.FromMinutes(5);

    private readonly object _gate = new();
    private readonly ServerCapabilities _capabilities;
    private readonly TimeProvider _clock;
    private long? _refused;

    public LongPollSupport(ServerCapabilities capabilities, TimeProvider clock)
    {
        _capabilities = capabilities;
        _clock = clock;
    }

    /// <summary>Whether the last long polls were refused.</summary>
    public bool IsRefused
    {
        get
        {
            lock (_gate) return _refused is not null;
        }
    }

    /// <summary>The time until a long poll is to be tried again; null for never, as the servers' dialect has none. Zero or less where it may be tried now.</summary>
    public TimeSpan? UntilProbe
    {
        get
        {
            lock (_gate)
            {
                if (_refused is { } since) return ProbeInterval - _clock.GetElapsedTime(since);
                return _capabilities.Has(Capability.LongPoll) == false ? null : TimeSpan.Zero;
            }
        }
    }

    /// <summary>Notes what all servers, or one of them, did with a long poll.</summary>
    public void Note(bool isHeld)
    {
        lock (_gate) _refused = isHeld ? null : _clock.GetTimestamp();
        _capabilities.NoteLatest(Capability.LongPoll, isHeld);
    }
}
