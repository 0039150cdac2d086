using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Protocol;

namespace Acm.Client.Servers;

/// <summary>
/// Maintains the list of servers: either a fixed one or that of the address server. The first call requests it from the address server, and later calls refresh it in the background when it is
/// older than <see cref="RefreshInterval"/>. If a refresh fails or returns no server, the previous list is kept.
/// </summary>
internal sealed class ServerDirectory
{
    public static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(30);

    /// <summary>How long an address server that timed out is not asked again: offline, each key would otherwise wait for all tries before its snapshot is used.</summary>
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

    /// <summary>Gets the address server; null if the servers were specified directly.</summary>
    public ServerAddress? AddressServer { get; }

    private bool IsPaused => _hung && _clock.GetElapsedTime(_hungAt) < PauseAfterTimeout;

    /// <summary>Ensures that a list of servers is available.</summary>
    /// <exception cref="AcmException">There is no list yet, and the address server did not return one.</exception>
    public ValueTask EnsureAsync(CallLog log, CancellationToken cancellationToken)
    {
        if (AddressServer is null) return default;

        lock (_gate)
        {
            bool fresh = _loaded && _clock.GetElapsedTime(_loadedAt) < RefreshInterval;
            if (fresh) return default;

            if (_loading is null || (_loading.IsCompleted && !IsPaused))
            {
                // No token of the caller: other calls wait for the same response. No thread of the caller: it holds the lock.
                // A refresh may outlive the call that started it, so it does not use the call's log.
                CallLog lines = _loaded ? new CallLog(_options.Log, null) : log;
                _loading = Task.Run(() => LoadAsync(lines), CancellationToken.None);
            }

            return _loaded ? default : new ValueTask(WaitAsync(_loading, cancellationToken));
        }
    }

    /// <summary>Gets the function that diagnoses a response from a server of another kind; null for none.</summary>
    public Func<ServerAddress, AcmException, CallLog, CancellationToken, Task<AcmException?>>? Explain { get; init; }

    /// <summary>Requests the list from the address server.</summary>
    /// <exception cref="AcmException">The address server did not return a list.</exception>
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

            // Each client shuffles the list, so that the first server does not receive all the load.
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
            // The address server has already been retried; each waiting call gets its own exception object.
            throw new AcmException(e.Kind, e.Message, e) { Advice = e.Advice, IsFinal = true };
        }
    }
}
