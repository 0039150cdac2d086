using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Protocol;

namespace Acm.Client.Servers;

/// <summary>
/// Knows which servers there are: those of a direct list, or those that the address server lists. The address server is asked by the first call, and again in the
/// background by a call that finds the list older than <see cref="RefreshInterval"/>; a failed or empty answer keeps the old list.
/// </summary>
internal sealed class ServerDirectory
{
    public static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(30);

    /// <summary>How long an address server that hung is not asked again: off the network every key would otherwise wait for all its tries before its snapshot answers.</summary>
    public static readonly TimeSpan PauseAfterTimeout = TimeSpan.FromSeconds(5);

    private readonly object _gate = new();
    private readonly AcmClientOptions _options;
    private readonly IConfigProtocol _protocol;
    private readonly IServerLinks _links;
    private readonly CallTries _addressCalls;
    private readonly TimeProvider _clock;
    private readonly Func<double> _random;
    private readonly bool _tls;
    private Task? _loading;
    private long _loadedAt;
    private long _hungAt;
    private bool _hung;
    private bool _loaded;

    public ServerDirectory(AcmClientOptions options, EndpointAddress endpoint, IConfigProtocol protocol, IServerLinks links, TimeProvider clock, Func<double> random)
    {
        _options = options;
        _protocol = protocol;
        _links = links;
        _clock = clock;
        _random = random;
        _tls = endpoint.DataTls;
        AddressServer = endpoint.AddressServer;
        Servers = new ServerList(clock);
        _addressCalls = new CallTries(clock, servers: null, random);
        if (endpoint.Direct.Count > 0)
        {
            Servers.Replace(endpoint.Direct);
            _loaded = true;
        }
    }

    public ServerList Servers { get; }

    /// <summary>The address server; null where the servers were given directly.</summary>
    public ServerAddress? AddressServer { get; }

    private bool IsPaused => _hung && _clock.GetElapsedTime(_hungAt) < PauseAfterTimeout;

    /// <summary>Sees to it that there are servers to ask.</summary>
    /// <exception cref="AcmException">There are none yet, and the address server does not tell.</exception>
    public ValueTask EnsureAsync(CallLog log, CancellationToken cancellationToken)
    {
        if (AddressServer is null) return default;

        lock (_gate)
        {
            bool fresh = _loaded && _clock.GetElapsedTime(_loadedAt) < RefreshInterval;
            if (fresh) return default;

            if (_loading is null || (_loading.IsCompleted && !IsPaused))
            {
                // Not the caller's token: others wait for the same answer. Not the caller's thread: it holds the lock.
                // A later refresh goes on after the call that noticed it, whose own log may be closed by then.
                CallLog lines = _loaded ? new CallLog(_options.Log, null) : log;
                _loading = Task.Run(() => LoadAsync(lines), CancellationToken.None);
            }

            return _loaded ? default : new ValueTask(WaitAsync(_loading, cancellationToken));
        }
    }

    /// <summary>Looks for the cause of an answer that is not one of the dialect; null for nobody.</summary>
    public Func<ServerAddress, AcmException, CallLog, CancellationToken, Task<AcmException?>>? Explain { get; init; }

    /// <summary>Asks the address server now.</summary>
    /// <exception cref="AcmException">It did not answer with a list.</exception>
    public async Task<IReadOnlyList<ServerAddress>> AskAsync(CallLog log, CancellationToken cancellationToken)
    {
        try
        {
            return await AskOnceAsync(log, cancellationToken).ConfigureAwait(false);
        }
        catch (AcmException e) when (Explain is not null && e.IsForeign)
        {
            if (await Explain(AddressServer!, e, log, cancellationToken).ConfigureAwait(false) is { } cause) throw cause;
            throw;
        }
    }

    private async Task<IReadOnlyList<ServerAddress>> AskOnceAsync(CallLog log, CancellationToken cancellationToken)
    {
        ServerOperation<IReadOnlyList<string>> operation = _protocol.AddressList(_options.UnitName);
        IServerLink link = _links.OpenAnonymous(AddressServer!, log);
        ServerCall call = _addressCalls.Begin(operation, _options.TryTimeout, CallLimits.Total(_options, _options.TryTimeout), log);
        IReadOnlyList<string> lines = await _addressCalls.RunAsync(
            call,
            async (call, token) =>
            {
                TimeSpan left = _addressCalls.Left(call);
                try
                {
                    return await _clock.WithinAsync(left < call.TryTimeout ? left : call.TryTimeout, operation.RunAsync, link, token).ConfigureAwait(false);
                }
                catch (TimeLimitException e) when (call.TryTimeout <= left)
                {
                    throw HttpFailure.TimedOut(link.Server, call.TryTimeout, e);
                }
            },
            cancellationToken).ConfigureAwait(false);
        try
        {
            return [.. lines.Select(line => ServerAddress.Parse(line, _tls, _protocol.Addresses))];
        }
        catch (FormatException e)
        {
            throw new AcmException(AcmErrorKind.InvalidResponse, $"The address server {AddressServer} answered with something that is not a server list: {e.Message}", e)
            {
                Advice = "Check that the endpoint is an address server. Connect to a data server itself with Direct.",
                IsFinal = true,
            };
        }
    }

    private async Task LoadAsync(CallLog log)
    {
        try
        {
            List<ServerAddress> servers = [.. await AskAsync(log, CancellationToken.None).ConfigureAwait(false)];

            // Each client in its own order, or all of them would load the first server.
            Shuffle(servers);
            Servers.Replace(servers);
            lock (_gate)
            {
                _loaded = true;
                _loadedAt = _clock.GetTimestamp();
            }

            if (log.IsEnabled(AcmLogLevel.Verbose)) log.Write(AcmLogLevel.Verbose, $"The address server {AddressServer} lists {string.Join(", ", servers)}.");
        }
        catch (AcmException e) when (_loaded)
        {
            log.Write(AcmLogLevel.Verbose, $"{e.Message} The previous list of {Servers.Count} servers is kept.");
            lock (_gate) _loadedAt = _clock.GetTimestamp();
        }
        catch (AcmException e) when (e.Kind == AcmErrorKind.Timeout)
        {
            lock (_gate) (_hung, _hungAt) = (true, _clock.GetTimestamp());
            throw;
        }
    }

    private void Shuffle(List<ServerAddress> servers)
    {
        for (int i = servers.Count - 1; i > 0; i--)
        {
            int other = Math.Min(i, (int)(_random() * (i + 1)));
            (servers[i], servers[other]) = (servers[other], servers[i]);
        }
    }

    private static async Task WaitAsync(Task loading, CancellationToken cancellationToken)
    {
        try
        {
            await loading.OrCancelled(cancellationToken).ConfigureAwait(false);
        }
        catch (AcmException e)
        {
            // The address server had its tries already; each waiting call gets an error of its own.
            throw new AcmException(e.Kind, e.Message, e) { Advice = e.Advice, IsFinal = true };
        }
    }
}
