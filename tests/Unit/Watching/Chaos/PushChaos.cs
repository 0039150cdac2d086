using Acm.Client;

namespace Acm.Tests.Watching.Chaos;

/// <summary>
/// Rounds of faults between watchers and real servers. After each round every watcher has been told what is stored, nothing twice, and says truly how it goes. What happens is chosen by a seed; when exactly
/// it hits is up to the machine.
/// </summary>
internal sealed class PushChaos : IAsyncDisposable
{
    private const int Speed = 5;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(45);

    /// <summary>How old the last contact of a healthy watcher may be: it checks its connection every 5 s.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(30);

    private static readonly string[] Keys = [.. Enumerable.Range(0, 6).Select(n => $"key-{n}")];

    private readonly HurriedClock _clock = new(Speed);
    private readonly Random _random;
    private readonly int _seed;
    private readonly ChaosServer _server;
    private readonly ChaosPlace[] _places;
    private readonly ChaosWatcher[] _watchers;
    private int _active;
    private int _contents;
    private string _where = "the start";

    private PushChaos(int seed, ChaosServer server, ChaosPlace[] places)
    {
        _seed = seed;
        _random = new Random(seed);
        _server = server;
        _places = places;
        string endpoint = string.Join(',', places.Select(place => $"127.0.0.1:{place.Http.Port}"));
        _watchers =
        [
            new ChaosWatcher(endpoint, AcmWatchTransport.Auto, Keys, _clock),
            new ChaosWatcher(endpoint, AcmWatchTransport.Auto, Keys[2..4], _clock),
            new ChaosWatcher(endpoint, AcmWatchTransport.Grpc, Keys, _clock),
        ];
    }

    private ChaosPlace Place => _places[_active];

    /// <summary>Runs rounds in lanes of their own servers and watchers, each kind of fault as often as the others. A lane ends with the first round that goes wrong.</summary>
    /// <param name="serverPath">The server's assembly.</param>
    /// <param name="folder">Where the servers keep their data.</param>
    /// <param name="generation">Which Nacos they are.</param>
    /// <param name="seed">What happens.</param>
    /// <param name="rounds">How many rounds in all.</param>
    /// <param name="lanes">How many lanes.</param>
    /// <returns>How many contents were looked at, and what was wrong, where a lane did not come to its end.</returns>
    public static async Task<(int Contents, IReadOnlyList<string> Wrong)> RunSideBySideAsync(string serverPath, string folder, string generation, int seed, int rounds, int lanes)
    {
        ChaosFault[] faults = Draw(rounds, seed);
        (int Contents, string? Wrong)[] results = await Task.WhenAll(Enumerable.Range(0, lanes).Select(lane =>
            Task.Run(() => RunLaneAsync(serverPath, Path.Combine(folder, $"{lane}.db"), generation, (seed * lanes) + lane, [.. faults.Where((_, i) => i % lanes == lane)]))));
        return (results.Sum(result => result.Contents), [.. results.Select(result => result.Wrong).OfType<string>()]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ChaosWatcher watcher in _watchers) watcher.Dispose();
        await _server.DisposeAsync();
        foreach (ChaosPlace place in _places) await place.DisposeAsync();
    }

    private static async Task<(int Contents, string? Wrong)> RunLaneAsync(string serverPath, string dataFile, string generation, int seed, IReadOnlyList<ChaosFault> faults)
    {
        await using PushChaos chaos = await StartAsync(serverPath, dataFile, generation, seed);
        try
        {
            await chaos.RunAsync(faults);
            return (chaos._contents, null);
        }
        catch (InvalidOperationException e)
        {
            return (chaos._contents, e.Message);
        }
    }

    /// <summary>All kinds of faults in a random order, and again until there are enough.</summary>
    private static ChaosFault[] Draw(int count, int seed)
    {
        var random = new Random(seed);
        ChaosFault[] kinds = [.. Enum.GetValues<ChaosFault>().Where(fault => fault != ChaosFault.Freeze || !OperatingSystem.IsWindows())];
        var faults = new ChaosFault[count];
        for (int i = 0; i < count; i++)
        {
            if (i % kinds.Length == 0) random.Shuffle(kinds);
            faults[i] = kinds[i % kinds.Length];
        }

        return faults;
    }

    private static async Task<PushChaos> StartAsync(string serverPath, string dataFile, string generation, int seed)
    {
        var server = new ChaosServer(serverPath, dataFile, generation);
        await server.StartAsync();
        ChaosPlace[] places = [await ChaosPlace.OpenAsync(), await ChaosPlace.OpenAsync()];
        places[0].Lead(server.Port);
        return new PushChaos(seed, server, places);
    }

    private async Task RunAsync(IReadOnlyList<ChaosFault> faults)
    {
        for (int round = 0; round < faults.Count; round++)
        {
            _where = $"round {round} ({faults[round]}) of seed {_seed}";
            try
            {
                await UntilPushedAsync();
                await ChangeAsync(2);
                await RunAsync(faults[round]);
                await ChangeAsync(2);
                await UntilToldAsync();
            }
            catch (Exception e) when (e is not InvalidOperationException)
            {
                throw new InvalidOperationException($"{_where}: {e.Message}", e);
            }
        }

        await UntilPushedAsync();
        await UntilToldAsync();
    }

    private async Task RunAsync(ChaosFault fault)
    {
        switch (fault)
        {
            case ChaosFault.Kill:
                Task<bool> written = ChangeAsync(3);
                _server.Kill();
                await written;
                await UntilBackingOffAsync();
                await StartAsync();
                break;
            case ChaosFault.Stop:
                await _server.StopAsync();
                await UntilBackingOffAsync();
                await StartAsync();
                break;
            case ChaosFault.Freeze:
                _server.Freeze(isFrozen: true);
                Task<bool> waiting = ChangeAsync(2);
                await UntilBackingOffAsync();
                _server.Freeze(isFrozen: false);
                await waiting;
                break;
            case ChaosFault.Cut:
                Task<bool> meanwhile = ChangeAsync(3);
                Place.Grpc.Cut();
                await meanwhile;
                break;
            case ChaosFault.Drop:
                await RefuseGrpcAsync(RelayMode.Silent);
                break;
            case ChaosFault.Halve:
                await RefuseGrpcAsync(RelayMode.Halve);
                break;
            case ChaosFault.Http1:
                Place.Grpc.Mode = RelayMode.Http1;
                Place.Grpc.Cut();
                await RefuseGrpcAsync(RelayMode.Http1);
                break;
            case ChaosFault.Delay:
                Place.Grpc.Mode = RelayMode.Delay;
                await ChangeAsync(3);
                await UntilToldAsync();
                Place.Grpc.Mode = RelayMode.Pass;
                break;
            case ChaosFault.Away:
                Place.Close();
                await _server.StopAsync();
                await _server.StartAsync();
                await ChangeAsync(3);
                await _server.StopAsync();
                await StartAsync();
                break;
            case ChaosFault.TakeTurns:
                Place.Close();
                await _server.StopAsync();
                _active = 1 - _active;
                await StartAsync();
                break;
        }
    }

    /// <summary>While the gRPC port does not do, watchers that may go on by long polling, and say so; the others say that they can't.</summary>
    private async Task RefuseGrpcAsync(RelayMode mode)
    {
        Place.Grpc.Mode = mode;
        await ChangeAsync(3);
        await UntilAsync("long polling", () => Array.TrueForAll(_watchers, watcher => watcher.Status().All(key =>
            watcher.Transport == AcmWatchTransport.Grpc ? key.State == WatchState.BackingOff : key is { State: WatchState.Watching, Transport: AcmWatchTransport.LongPoll })));
        IReadOnlyDictionary<string, string?> stored = await StoredAsync();
        await UntilAsync("told by long polling", () => Array.TrueForAll(_watchers, watcher => watcher.Transport == AcmWatchTransport.Grpc || watcher.Behind(stored).Count == 0));
        Place.Grpc.Mode = RelayMode.Pass;
        Place.Grpc.Cut();
    }

    private async Task StartAsync()
    {
        await _server.StartAsync();
        Place.Lead(_server.Port);
    }

    /// <summary>Changes some keys, one after the other. Some are removed.</summary>
    /// <returns>Whether the server said that it did all.</returns>
    private async Task<bool> ChangeAsync(int count)
    {
        bool isDone = true;
        for (int i = 0; i < count; i++)
        {
            string? content = _random.Next(6) == 0 ? null : $"{++_contents}";
            isDone &= await _server.TryChangeAsync(Keys[_random.Next(Keys.Length)], content);
        }

        return isDone;
    }

    private async Task<IReadOnlyDictionary<string, string?>> StoredAsync()
    {
        var stored = new Dictionary<string, string?>();
        foreach (string key in Keys) stored[key] = await _server.ReadAsync(key);
        return stored;
    }

    private async Task UntilToldAsync()
    {
        IReadOnlyDictionary<string, string?> stored = await StoredAsync();
        await UntilAsync("told", () => Array.TrueForAll(_watchers, watcher => watcher.Behind(stored).Count == 0), stored);
        if (Array.Find(_watchers, watcher => watcher.Repeated.Count > 0) is { } wrong) throw new InvalidOperationException($"{_where}: told twice: {string.Join(", ", wrong.Repeated)}. {wrong}");
    }

    private Task UntilBackingOffAsync() => UntilAsync("backing off", () => Array.TrueForAll(_watchers, watcher => watcher.Status().All(key => key.State == WatchState.BackingOff)));

    private Task UntilPushedAsync()
    {
        string server = $"127.0.0.1:{Place.Grpc.Port}";
        return UntilAsync("pushed to", () => Array.TrueForAll(_watchers, watcher => watcher.Status().All(key =>
            key is { State: WatchState.Watching, Transport: AcmWatchTransport.Grpc } && key.Server == server && _clock.GetUtcNow() - key.LastContact < LongestSilence)));
    }

    private async Task UntilAsync(string state, Func<bool> isThere, IReadOnlyDictionary<string, string?>? stored = null)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!isThere())
        {
            if (TimeProvider.System.GetElapsedTime(start) > Deadline)
            {
                throw new InvalidOperationException($"{_where}: not {state}. {string.Join(" | ", _watchers.Select(watcher => $"{watcher.Transport}: {watcher} {(stored is null ? "" : string.Join(", ", watcher.Behind(stored)))}"))}");
            }

            await Task.Delay(20);
        }
    }
}
