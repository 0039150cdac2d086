using Acm.Server.Polling;

namespace Acm.Server.Storage;

/// <summary>One key: its current value and the polls that watch it, changed together under one lock.</summary>
internal sealed class KeySlot(ConfigKey key)
{
    private readonly Lock _lock = new();
    private volatile ConfigEntry? _current;
    private Watch? _firstWatch;
    private bool _discarded;

    public ConfigKey Key { get; } = key;

    /// <summary>Null where the key has no value.</summary>
    public ConfigEntry? Current => _current;

    /// <summary>False where this slot was taken out of the index meanwhile; its successor must be asked.</summary>
    public bool TrySet(ConfigEntry? entry)
    {
        lock (_lock)
        {
            if (_discarded) return false;

            bool contentChanged = _current?.Md5 != entry?.Md5;
            _current = entry;
            if (!contentChanged || _firstWatch is null) return true;

            // Answers run on the pool, not in here; each poll takes its watches out by itself.
            ReadOnlyMemory<byte> answer = PollAnswer.Of(Key);
            for (Watch? watch = _firstWatch; watch is not null; watch = watch.Next) watch.Poll.TrySetResult(answer);
            return true;
        }
    }

    /// <summary>Registers the poll, unless the value differs from what its client has.</summary>
    public WatchOutcome TryWatch(Poll poll, ReadOnlySpan<byte> clientMd5, out Watch? watch)
    {
        watch = null;
        lock (_lock)
        {
            if (_discarded) return WatchOutcome.SlotDiscarded;
            if (Differs(clientMd5)) return WatchOutcome.Differs;

            watch = new Watch(this, poll) { Next = _firstWatch };
            if (_firstWatch is not null) _firstWatch.Previous = watch;
            _firstWatch = watch;
            return WatchOutcome.Registered;
        }
    }

    public void Remove(Watch watch)
    {
        lock (_lock)
        {
            if (watch.Previous is null) _firstWatch = watch.Next;
            else watch.Previous.Next = watch.Next;
            if (watch.Next is not null) watch.Next.Previous = watch.Previous;
        }
    }

    /// <summary>The protocol compares texts; the MD5 of an absent value is the empty text.</summary>
    public bool Differs(ReadOnlySpan<byte> clientMd5) => !System.Text.Ascii.Equals(clientMd5, _current?.Md5 ?? "");

    /// <summary>True where nothing uses this slot; from then on it takes neither values nor polls.</summary>
    public bool TryDiscard()
    {
        lock (_lock)
        {
            return _discarded |= _current is null && _firstWatch is null;
        }
    }
}
