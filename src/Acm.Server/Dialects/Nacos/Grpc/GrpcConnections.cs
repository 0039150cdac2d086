using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Acm.Server.Http;
using Acm.Server.Limits;
using Acm.Server.Polling;
using Acm.Server.Storage;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Acm.Server.Dialects.Nacos.Grpc;

/// <summary>The connections of the gRPC port, their common limits, and the timer that sweeps them.</summary>
internal sealed class GrpcConnections : IDisposable
{
    public const int MaxKeysPerConnection = 20_000;

    private const int MaxKeys = 1_000_000;
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);
    private static readonly object ItemKey = typeof(GrpcConnections);

    private readonly ConcurrentDictionary<GrpcConnection, byte> _all = new();
    private readonly ConfigStore _store;
    private readonly PollLimit _limit;
    private readonly ITimer _timer;
    private readonly Lock _timing = new();
    private long _lastRequestId;
    private int _keys;
    private int _open;
    private bool _hasStopped;
    private Task _ended = Task.CompletedTask;

    /// <param name="store">The store that clients subscribe to.</param>
    /// <param name="limit">The limit of waiting polls, in which each connection counts as one.</param>
    /// <param name="generation">The Nacos version that clients see.</param>
    /// <param name="clock">The clock for retries and probes.</param>
    public GrpcConnections(ConfigStore store, PollLimit limit, Generation generation, TimeProvider clock)
    {
        _store = store;
        _limit = limit;
        Generation = generation;
        Clock = clock;
        Fuzzy = new FuzzyWatches(store.Index);
        _timer = clock.CreateTimer(static state => ((GrpcConnections)state!).Sweep(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public TimeProvider Clock { get; }

    public Generation Generation { get; }

    public ConfigIndex Index => _store.Index;

    public FuzzyWatches Fuzzy { get; }

    /// <summary>Returns a request ID that is unique in this process.</summary>
    public string NextRequestId() => Interlocked.Increment(ref _lastRequestId).ToString(CultureInfo.InvariantCulture);

    /// <summary>Returns the view for clients with this address.</summary>
    public ReadView ViewOf(string address) => new NacosView(Index, Generation, address, tag: "");

    /// <summary>Tracks a connection of the gRPC port while it is open, or closes it if there are too many.</summary>
    public async Task ServeAsync(ConnectionContext context, ConnectionDelegate next)
    {
        IPEndPoint remote = Plain(context.RemoteEndPoint);
        if (!_limit.TryEnter(remote.Address, 0))
        {
            context.Abort();
            return;
        }

        var connection = new GrpcConnection(this, remote, Plain(context.LocalEndPoint).Address.ToString());
        context.Items[ItemKey] = connection;
        Enter(connection);
        try
        {
            await next(context).ConfigureAwait(false);
        }
        finally
        {
            Leave(connection);
            connection.Close();
            _limit.Leave(remote.Address, 0);
        }
    }

    /// <summary>Returns the connection of a request; null if the request did not arrive on the gRPC port.</summary>
    public static GrpcConnection? Of(HttpContext context) =>
        context.Features.Get<IConnectionItemsFeature>()?.Items.TryGetValue(ItemKey, out object? connection) == true ? (GrpcConnection?)connection : null;

    /// <summary>Counts new subscriptions of a connection.</summary>
    /// <param name="present">The number of keys that it is subscribed to.</param>
    /// <param name="added">The number of new keys.</param>
    /// <returns>False if there are too many.</returns>
    public bool TryAddKeys(int present, int added)
    {
        if (present + added > MaxKeysPerConnection) return false;
        if (Interlocked.Add(ref _keys, added) <= MaxKeys) return true;

        Interlocked.Add(ref _keys, -added);
        return false;
    }

    /// <summary>Subtracts ended subscriptions.</summary>
    public void RemoveKeys(int removed) => Interlocked.Add(ref _keys, -removed);

    /// <summary>Gets the number of subscribed keys of all connections.</summary>
    public int Keys => Volatile.Read(ref _keys);

    /// <summary>Gets how long a stop waits for a client that was asked to connect elsewhere. A stop aborts connections after twice this time.</summary>
    public TimeSpan ResetTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Ends every stream, including those that are opened later. Does not wait.</summary>
    public void Stop()
    {
        Volatile.Write(ref _hasStopped, true);
        Volatile.Write(ref _ended, Task.WhenAll(_all.Keys.Select(connection => connection.EndAsync(GrpcStatus.Stopping))));
    }

    /// <summary>Gets a task that completes when the streams that <see cref="Stop"/> found have ended.</summary>
    public Task Ended => Volatile.Read(ref _ended);

    /// <summary>Gets the number of connections with subscribed keys.</summary>
    public int Listening => _all.Keys.Count(connection => connection.Watches.Count > 0);

    /// <summary>Gets whether the server is stopping.</summary>
    public bool HasStopped => Volatile.Read(ref _hasStopped);

    public void Dispose()
    {
        Fuzzy.Dispose();
        _timer.Dispose();
    }

    private static IPEndPoint Plain(EndPoint? end)
    {
        if (end is not IPEndPoint ip) return new IPEndPoint(IPAddress.None, 0);
        return new IPEndPoint(RequestHost.Unmap(ip.Address), ip.Port);
    }

    private void Enter(GrpcConnection connection)
    {
        _all[connection] = 0;
        _store.Polls.Enter(connection);
        lock (_timing)
        {
            if (_open++ == 0) _timer.Change(SweepInterval, SweepInterval);
        }
    }

    private void Leave(GrpcConnection connection)
    {
        _all.TryRemove(connection, out _);
        _store.Polls.Leave(connection);
        lock (_timing)
        {
            if (--_open == 0) _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private void Sweep()
    {
        foreach (GrpcConnection connection in _all.Keys) connection.Sweep();
    }
}
