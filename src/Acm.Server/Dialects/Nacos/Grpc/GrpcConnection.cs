using System.Globalization;
using System.Net;
using System.Text;
using Acm.Server.Polling;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos.Grpc;

/// <summary>
/// One connection of a client: the keys and patterns that it listens to, and the pushes that it has not acknowledged. It is one with its TCP connection; the stream may end before it.
/// </summary>
/// <param name="connections">All of them.</param>
/// <param name="remote">Where the client is.</param>
/// <param name="localIp">The address that it connected to.</param>
internal sealed class GrpcConnection(GrpcConnections connections, IPEndPoint remote, string localIp) : IListener
{
    /// <summary>A client whose stream takes no more is not one that is behind.</summary>
    private const int MostWaiting = 100_000;

    // A push for each key that it listens to, and some for patterns.
    private const int MostUnacknowledged = GrpcConnections.MostKeysPerConnection + 1_000;

    /// <summary>Of keys that patterns match, so many wait to be sent or acknowledged: twice what all patterns may match as they begin.</summary>
    private const int MostPatternKeys = 2 * FuzzyWatches.MostPatterns * FuzzyWatches.MostMatches;

    // As recorded from 2.5.1 and 3.0.3: pushed again after 5, 12 and 21 s, 50 times at most; asked after 20 s without a sign of life, and dropped 5 s later.
    private const int MostTries = 50;
    private const int FirstRetrySeconds = 3;
    private const int MoreSecondsEachRetry = 2;
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan DetectionTime = TimeSpan.FromSeconds(5);

    private readonly Lock _listening = new();
    private readonly Lock _sending = new();
    private readonly Dictionary<ConfigKey, KeyPush> _keys = [];
    private readonly Dictionary<string, Push> _unacknowledged = new(StringComparer.Ordinal);
    private readonly FixedPush _detection = new("ClientDetectionRequest", wantsAcknowledgement: true, static json => json.WriteString("module"u8, "internal"u8));
    private volatile PushStream? _stream;
    private bool _hasEnded;
    private long _lastSign = connections.Clock.GetTimestamp();
    private volatile bool _isAsked;
    private int _patternKeys;

    /// <summary>As real servers name a connection: by when and from where it came.</summary>
    public string Id { get; } = string.Create(CultureInfo.InvariantCulture, $"{connections.Clock.GetUtcNow().ToUnixTimeMilliseconds()}_{remote.Address}_{remote.Port}");

    public IPAddress RemoteAddress => remote.Address;

    public string Address { get; } = remote.Address.ToString();

    /// <summary>What it is served of each key.</summary>
    public ReadView View { get; } = connections.ViewOf(remote.Address.ToString());

    /// <summary>Whether it has said who it is. Without that it is told to do so first.</summary>
    public bool IsRegistered { get; private set; }

    public IReadOnlyCollection<Watch> Watches
    {
        get
        {
            lock (_listening) return [.. _keys.Values.Select(key => key.Watch)];
        }
    }

    /// <summary>Takes note that the client is alive.</summary>
    public void NoteSign()
    {
        Volatile.Write(ref _lastSign, connections.Clock.GetTimestamp());
        _isAsked = false;
    }

    /// <summary>Registers the connection with the stream that pushes go to from now on. One before it ends.</summary>
    public void Register(PushStream stream)
    {
        PushStream? old;
        lock (_listening)
        {
            old = _stream;
            _stream = stream;
            IsRegistered = true;
        }

        if (old is null || old == stream) return;

        old.End(GrpcStatus.Ok);
        old.HandOver(this);
    }

    /// <summary>Whether pushes go to this stream.</summary>
    public bool PushesTo(PushStream stream) => _stream == stream;

    /// <summary>Takes note that a stream is over. What was listened to on it is not told any more.</summary>
    public void Detach(PushStream stream)
    {
        // In one step, so that what is listened to on the next stream stays.
        lock (_listening)
        {
            if (_stream != stream) return;

            _stream = null;
            StopListening();
        }
    }

    /// <summary>Has something pushed. Never waits; where there is no stream, nobody is told.</summary>
    public void Enqueue(Push push)
    {
        if (push is FixedPush { Keys: > 0 and var keys } && Interlocked.Add(ref _patternKeys, keys) > MostPatternKeys) _stream?.End(GrpcStatus.TooSlow);
        else Forward(push);
    }

    /// <summary>Has a push sent that was enqueued before.</summary>
    public void Forward(Push push)
    {
        PushStream? stream = _stream;
        while (stream is not null)
        {
            if (stream.Enqueue(push))
            {
                if (stream.Waiting > MostWaiting) stream.End(GrpcStatus.TooSlow);
                return;
            }

            // It ended a moment ago. Another one may have come since, or come yet.
            PushStream? next = _stream;
            if (next == stream) Keep(push);
            stream = next == stream ? null : next;
        }
    }

    /// <summary>The bytes of a push, under a number of its own.</summary>
    public byte[] Write(Push push)
    {
        lock (_sending)
        {
            if (push.RequestId.Length > 0) _unacknowledged.Remove(push.RequestId);
            push.RequestId = connections.NextRequestId();
            if (push.Tries++ == 0) push.SentAt = connections.Clock.GetTimestamp();

            // Who acknowledges nothing is too slow as well.
            if (push.WantsAcknowledgement && _unacknowledged.Count >= MostUnacknowledged) _stream?.End(GrpcStatus.TooSlow);
            else if (push.WantsAcknowledgement) _unacknowledged[push.RequestId] = push;
        }

        ReadOnlyMemory<byte> body = NacosJson.Write(json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("headers"u8);
            json.WriteEndObject();
            if (push.WantsAcknowledgement) json.WriteString("requestId"u8, push.RequestId);
            push.WriteMembers(json);
            json.WriteEndObject();
        });
        return Payload.Frame(push.Type, body.Span, localIp);
    }

    /// <summary>Takes an acknowledgement, whatever its type and result say: some clients send the type of another one, or no success.</summary>
    public void Acknowledge(string requestId)
    {
        lock (_sending)
        {
            if (_unacknowledged.Remove(requestId, out Push? push)) Release(push);
        }
    }

    /// <summary>Listens to keys, and compares what the client has of them.</summary>
    /// <returns>Those of which it has another value; null where they are more than a connection may listen to.</returns>
    public IReadOnlyList<ListenItem>? Listen(IReadOnlyList<ListenItem> items)
    {
        var changed = new List<ListenItem>();
        lock (_listening)
        {
            int present = _keys.Count;
            int added = items.Select(item => item.Key).Distinct().Count(key => !_keys.ContainsKey(key));
            if (_hasEnded || !connections.TryAddKeys(present, added)) return null;

            try
            {
                // Listened to first and compared then, so that a change in between is told, maybe twice.
                foreach (ListenItem item in items)
                {
                    Listen(item);
                    if (connections.Index.Differs(item.Key, View, Encoding.UTF8.GetBytes(item.Md5))) changed.Add(item);
                }
            }
            finally
            {
                // The disk may have failed in between.
                connections.RemoveKeys(present + added - _keys.Count);
            }
        }

        return changed;
    }

    /// <summary>Listens to keys no more.</summary>
    public void StopListening(IEnumerable<ConfigKey> keys)
    {
        lock (_listening)
        {
            foreach (ConfigKey key in keys)
            {
                if (!_keys.Remove(key, out KeyPush? push)) continue;

                Drop(push);
                connections.RemoveKeys(1);
            }
        }
    }

    /// <summary>Does what is due: pushes again what was not acknowledged, asks a silent client for a sign of life, and ends its stream where none comes.</summary>
    public void Sweep()
    {
        foreach (Push push in TakeDue()) Forward(push);

        if (_stream is not { } stream) return;

        TimeSpan silence = connections.Clock.GetElapsedTime(Volatile.Read(ref _lastSign));
        if (silence >= IdleTime + DetectionTime)
        {
            IsRegistered = false;
            stream.End(GrpcStatus.Ok);
        }
        else if (silence >= IdleTime && !_isAsked)
        {
            _isAsked = true;
            Enqueue(_detection);
        }
    }

    /// <summary>Ends the stream: the server stops.</summary>
    public void End(GrpcStatus status) => _stream?.End(status);

    /// <summary>Forgets everything: the client has closed the connection.</summary>
    public void Close()
    {
        lock (_listening) _hasEnded = true;
        StopListening();
    }

    private void Listen(ListenItem item)
    {
        if (_keys.TryGetValue(item.Key, out KeyPush? push) && push.Tenant != item.Tenant)
        {
            _keys.Remove(item.Key);
            Drop(push);
            push = null;
        }

        if (push is null)
        {
            push = new KeyPush(this, item.Tenant);
            push.Watch = connections.Index.Watch(item.Key, push, item.Tenant);
            _keys[item.Key] = push;
        }

        // As a rule it is the text that the index has: of very many keys no second one is held.
        string? known = push.Watch.Slot.Current?.Md5;
        push.ListedMd5 = known == item.Md5 ? known : item.Md5;
    }

    private void StopListening()
    {
        lock (_listening)
        {
            foreach (KeyPush push in _keys.Values) Drop(push);
            connections.RemoveKeys(_keys.Count);
            _keys.Clear();
        }

        lock (_sending)
        {
            _unacknowledged.Clear();
            _patternKeys = 0;
        }

        connections.Fuzzy.Forget(this);
    }

    private void Drop(KeyPush push)
    {
        push.IsOver = true;
        connections.Index.Unwatch(push.Watch);
    }

    /// <summary>Keeps a push that found no stream with those that were not acknowledged, so that it is sent a few seconds later.</summary>
    private void Keep(Push push)
    {
        lock (_sending)
        {
            if (push.RequestId.Length == 0) push.RequestId = connections.NextRequestId();
            if (push.Tries == 0) push.SentAt = connections.Clock.GetTimestamp();
            _unacknowledged[push.RequestId] = push;
        }
    }

    // What is held for patterns becomes less.
    private void Release(Push push)
    {
        if (push is FixedPush { Keys: > 0 and var keys }) Interlocked.Add(ref _patternKeys, -keys);
    }

    private List<Push> TakeDue()
    {
        var due = new List<Push>();
        lock (_sending)
        {
            foreach (Push push in _unacknowledged.Values)
            {
                var patience = TimeSpan.FromSeconds(FirstRetrySeconds + (MoreSecondsEachRetry * push.Tries));
                if (connections.Clock.GetElapsedTime(push.SentAt) < patience) continue;

                // Not from when it is sent again, or each retry would be later than it should be.
                push.SentAt += (long)(patience.TotalSeconds * connections.Clock.TimestampFrequency);
                due.Add(push);
            }

            foreach (Push push in due) _unacknowledged.Remove(push.RequestId);
        }

        foreach (Push push in due.Where(push => push.Tries > MostTries)) Release(push);
        due.RemoveAll(push => push.IsOver || push == _detection || push.Tries > MostTries);
        return due;
    }
}
