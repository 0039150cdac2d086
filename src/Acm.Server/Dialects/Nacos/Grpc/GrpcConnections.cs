using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Acm.Server.Limits;
using Acm.Server.Polling;
using Acm.Server.Storage;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Acm.Server.Dialects.Nacos.Grpc;

/// <summary>The connections of the gRPC port, what they may hold together, and the clock by which they are looked after.</summary>
internal sealed class GrpcConnections : IDisposable
{
    public const int MostKeysPerConnection = 20_000;

    private const int MostKeys = 1_000_000;
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

    /// <param name="store">What they listen to.</param>
    /// <param name="limit">Each of them counts as a poll that hangs.</param>
    /// <param name="generation">Which Nacos they see.</param>
    /// <param name="clock">By which they are looked after.</param>
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

    /// <summary>Numbers that no two pushes of this server share.</summary>
    public string NextRequestId() => Interlocked.Increment(ref _lastRequestId).ToString(CultureInfo.InvariantCulture);

    /// <summary>What clients of an address are served.</summary>
    public ReadView ViewOf(string address) => new NacosView(Index, Generation, address, tag: "");

    /// <summary>Keeps a connection of the gRPC port while it lives, or closes it where there are too many.</summary>
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

    /// <summary>The connection of a request; null where it did not come to the gRPC port.</summary>
    public static GrpcConnection? Of(HttpContext context) =>
        context.Features.Get<IConnectionItemsFeature>()?.Items.TryGetValue(ItemKey, out object? connection) == true ? (GrpcConnection?)connection : null;

    /// <summary>Counts keys that a connection begins to listen to.</summary>
    /// <param name="present">How many it listens to.</param>
    /// <param name="added">How many come.</param>
    /// <returns>False where they are too many.</returns>
    public bool TryAddKeys(int present, int added)
    {
        if (present + added > MostKeysPerConnection) return false;
        if (Interlocked.Add(ref _keys, added) <= MostKeys) return true;

        Interlocked.Add(ref _keys, -added);
        return false;
    }

    /// <summary>Counts keys that a connection listens to no more.</summary>
    public void RemoveKeys(int removed) => Interlocked.Add(ref _keys, -removed);

    /// <summary>How many keys all connections listen to.</summary>
    public int Keys => Volatile.Read(ref _keys);

    /// <summary>Ends every stream, and each that comes later.</summary>
    public void Stop()
    {
        Volatile.Write(ref _hasStopped, true);
        foreach (GrpcConnection connection in _all.Keys) connection.End(GrpcStatus.Stopping);
    }

    /// <summary>How many connections listen to keys.</summary>
    public int Listening => _all.Keys.Count(connection => connection.Watches.Count > 0);

    /// <summary>Whether the server stops.</summary>
    public bool HasStopped => Volatile.Read(ref _hasStopped);

    public void Dispose()
    {
        Fuzzy.Dispose();
        _timer.Dispose();
    }

    private static IPEndPoint Plain(EndPoint? end)
    {
        if (end is not IPEndPoint ip) return new IPEndPoint(IPAddress.None, 0);
        return ip.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(ip.Address.MapToIPv4(), ip.Port) : ip;
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
