using System.Globalization;
using System.Net;
using System.Text;
using Acm.Server.Polling;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos.Grpc;

/// <summary>
/// A client connection: its subscribed keys and patterns, and its unacknowledged pushes. It lives as long as its TCP connection, which may outlive the push stream.
/// </summary>
/// <param name="connections">All connections.</param>
/// <param name="remote">The client's address and port.</param>
/// <param name="localIp">The server address that the client connected to.</param>
internal sealed class GrpcConnection(GrpcConnections connections, IPEndPoint remote, string localIp) : IListener
{
    /// <summary>The maximum number of queued pushes; a client with more has stopped reading.</summary>
    private const int MaxWaiting = 100_000;

    // One push for each subscribed key, and some for patterns.
    private const int MaxUnacknowledged = GrpcConnections.MaxKeysPerConnection + 1_000;

    /// <summary>The maximum number of fuzzy-watch keys that wait to be sent or acknowledged: twice the number that all patterns may match at their start.</summary>
    private const int MaxPatternKeys = 2 * FuzzyWatches.MaxPatterns * FuzzyWatches.MaxMatches;

    // Recorded from Nacos 2.5.1 and 3.0.3: a push is repeated after 5, 12 and 21 s and so on, at most 50 times; a client is probed after 20 s of silence and dropped 5 s later.
    private const int MaxTries = 50;
    private const int FirstRetrySeconds = 3;
    private const int MoreSecondsEachRetry = 2;
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan DetectionTime = TimeSpan.FromSeconds(5);

    private readonly Lock _listening = new();
    private readonly Lock _sending = new();
    private readonly Dictionary<ConfigKey, KeyPush> _keys = [];
    private readonly Dictionary<string, Push> _unacknowledged = new(StringComparer.Ordinal);
    private readonly FixedPush _detection = new("ClientDetectionRequest", wantsAcknowledgement: true, static json => json.WriteString("module"u8, "internal"u8));
    private readonly FixedPush _reset = new("ConnectResetRequest", wantsAcknowledgement: true, static json => json.WriteString("module"u8, "internal"u8));
    private readonly TaskCompletionSource _resetTaken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile PushStream? _stream;
    private bool _hasEnded;
    private long _lastActivity = connections.Clock.GetTimestamp();
    private volatile bool _isAsked;
    private int _patternKeys;

    /// <summary>Gets the connection ID in the format of Nacos: time of connection, address and port.</summary>
    public string Id { get; } = string.Create(CultureInfo.InvariantCulture, $"{connections.Clock.GetUtcNow().ToUnixTimeMilliseconds()}_{remote.Address}_{remote.Port}");

    public IPAddress RemoteAddress => remote.Address;

    public string Address { get; } = remote.Address.ToString();

    /// <summary>Gets the view that selects the version of each key for this client.</summary>
    public ReadView View { get; } = connections.ViewOf(remote.Address.ToString());

    /// <summary>Gets whether the client has sent its set-up request, which must precede all others.</summary>
    public bool IsRegistered { get; private set; }

    public IReadOnlyCollection<Watch> Watches
    {
        get
        {
            lock (_listening) return [.. _keys.Values.Select(key => key.Watch)];
        }
    }

    /// <summary>Records that the client is alive.</summary>
    public void RecordActivity()
    {
        Volatile.Write(ref _lastActivity, connections.Clock.GetTimestamp());
        _isAsked = false;
    }

    /// <summary>Registers the connection, and replaces its push stream. The previous stream ends.</summary>
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

    /// <summary>Returns whether this is the current push stream.</summary>
    public bool PushesTo(PushStream stream) => _stream == stream;

    /// <summary>Detaches a stream that has ended, and drops its subscriptions.</summary>
    public void Detach(PushStream stream)
    {
        // In one step, so that the subscriptions of the next stream are kept.
        lock (_listening)
        {
            if (_stream != stream) return;

            _stream = null;
            StopListening();
        }
    }

    /// <summary>Queues a push without waiting; does nothing if there is no stream.</summary>
    public void Enqueue(Push push)
    {
        if (push is FixedPush { Keys: > 0 and var keys } && Interlocked.Add(ref _patternKeys, keys) > MaxPatternKeys) _stream?.End(GrpcStatus.TooSlow);
        else Forward(push);
    }

    /// <summary>Queues a push again that was queued before.</summary>
    public void Forward(Push push)
    {
        PushStream? stream = _stream;
        while (stream is not null)
        {
            if (stream.Enqueue(push))
            {
                if (stream.Waiting > MaxWaiting) stream.End(GrpcStatus.TooSlow);
                return;
            }

            // The stream has just ended. Another one may have replaced it, or may follow.
            PushStream? next = _stream;
            if (next == stream) Keep(push);
            stream = next == stream ? null : next;
        }
    }

    /// <summary>Returns the bytes of a push, with a new request ID.</summary>
    public byte[] Write(Push push)
    {
        lock (_sending)
        {
            if (push.RequestId.Length > 0) _unacknowledged.Remove(push.RequestId);
            push.RequestId = connections.NextRequestId();
            if (push.Tries++ == 0) push.SentAt = connections.Clock.GetTimestamp();

            // A client that acknowledges nothing is too slow as well.
            if (push.WantsAcknowledgement && _unacknowledged.Count >= MaxUnacknowledged) _stream?.End(GrpcStatus.TooSlow);
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

    /// <summary>Accepts an acknowledgement of any type and result: some clients send another type, or a failure.</summary>
    public void Acknowledge(string requestId)
    {
        lock (_sending)
        {
            if (!_unacknowledged.Remove(requestId, out Push? push)) return;

            Release(push);
            if (push == _reset) _resetTaken.TrySetResult();
        }
    }

    /// <summary>Subscribes to keys, and compares their MD5s with the client's.</summary>
    /// <returns>The keys whose value differs from the client's; null if a connection may not subscribe to that many keys.</returns>
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
                // Subscribe before comparing, so that a change in between is reported, possibly twice.
                foreach (ListenItem item in items)
                {
                    Listen(item);
                    if (connections.Index.Differs(item.Key, View, Encoding.UTF8.GetBytes(item.Md5))) changed.Add(item);
                }
            }
            finally
            {
                // A read from the disk may have failed after some of the keys.
                connections.RemoveKeys(present + added - _keys.Count);
            }
        }

        return changed;
    }

    /// <summary>Unsubscribes from keys.</summary>
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

    /// <summary>Repeats unacknowledged pushes, probes a silent client, and ends the stream of a client that does not respond.</summary>
    public void Sweep()
    {
        foreach (Push push in TakeDue()) Forward(push);

        if (_stream is not { } stream) return;

        TimeSpan silence = connections.Clock.GetElapsedTime(Volatile.Read(ref _lastActivity));
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

    /// <summary>Ends the stream: the server stops. The client is asked first to connect to another server, and the stream ends once it has acknowledged that: clients may lose a message that arrives just before the connection is closed.</summary>
    public async Task EndAsync(GrpcStatus status)
    {
        if (_stream is not { } stream) return;

        Enqueue(_reset);

        // In real time, because the server's clock may be one that stands still.
        using var patience = new CancellationTokenSource();
        await Task.WhenAny(_resetTaken.Task, Task.Delay(connections.ResetTime, patience.Token)).ConfigureAwait(false);
        await patience.CancelAsync().ConfigureAwait(false);
        stream.End(status);
    }

    /// <summary>Drops all subscriptions because the client closed the connection.</summary>
    public void Close()
    {
        lock (_listening) _hasEnded = true;
        StopListening();
        _resetTaken.TrySetResult();
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

        // Usually the MD5 equals the stored one; sharing that string saves memory with very many keys.
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

    /// <summary>Keeps a push that found no stream with the unacknowledged ones, so that it is sent a few seconds later.</summary>
    private void Keep(Push push)
    {
        lock (_sending)
        {
            if (push.RequestId.Length == 0) push.RequestId = connections.NextRequestId();
            if (push.Tries == 0) push.SentAt = connections.Clock.GetTimestamp();
            _unacknowledged[push.RequestId] = push;
        }
    }

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

                // Counted from the due time rather than the sending time, so that delays do not add up.
                push.SentAt += (long)(patience.TotalSeconds * connections.Clock.TimestampFrequency);
                due.Add(push);
            }

            foreach (Push push in due) _unacknowledged.Remove(push.RequestId);
        }

        foreach (Push push in due.Where(push => push.Tries > MaxTries)) Release(push);
        due.RemoveAll(push => push.IsOver || push == _detection || push.Tries > MaxTries);
        return due;
    }
}
