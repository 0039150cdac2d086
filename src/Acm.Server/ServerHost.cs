using Acm.Server.Auth;
using Acm.Server.Dialects.Acm;
using Acm.Server.Dialects.Nacos;
using Acm.Server.Dialects.Nacos.Grpc;
using Acm.Server.Hosting;
using Acm.Server.Http;
using Acm.Server.Limits;
using Acm.Server.Options;
using Acm.Server.Polling;
using Acm.Server.Storage;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Acm.Server;

/// <summary>Composes the server: store, polls, routes and Kestrel.</summary>
internal sealed class ServerHost : IAsyncDisposable
{
    // Longer than any dialect's limit, so that the dialects report long request lines in their own format.
    private const int MaxRequestLineBytes = 64 * 1024;

    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(15);

    // Kestrel's default of 240 bytes per second would allow a body of a few megabytes to take hours.
    private static readonly MinDataRate SlowestBody = new(bytesPerSecond: 1024, gracePeriod: TimeSpan.FromSeconds(10));

    // Kestrel's default of 1 MB per connection is too much with thousands of connections.
    private const long UnreadBytesPerConnection = 64 * 1024;

    // Each stream may have a buffered response; clients wait for a free stream.
    private const int StreamsPerConnection = 16;

    private readonly ServerOptions _options;
    private readonly TimeProvider _clock;
    private readonly LoginLimit _logins;
    private readonly StandardErrorLog _log = new();
    private readonly ConnectionLimit _connections;
    private readonly BodyBudget _bodies;
    private readonly WebPageGuard _webPages;
    private readonly IJournal _journal;
    private readonly HistoryPruner _history;
    private readonly WriteQueue _queue;
    private readonly PollTimer _pollTimer;
    private readonly GrpcConnections? _grpcConnections;
    private readonly GrpcEndpoint? _grpc;
    private readonly ListenSockets _sockets;
    private readonly Router _router;
    private readonly WebApplication _application;

    /// <summary>Creates the server; it does not listen until <see cref="StartAsync"/>.</summary>
    /// <exception cref="IOException">The data file cannot be used.</exception>
    /// <exception cref="OptionsException">The certificate cannot be used.</exception>
    public ServerHost(ServerOptions options, TimeProvider clock)
    {
        _options = options;
        _clock = clock;
        _logins = new LoginLimit(clock);
        _connections = new ConnectionLimit(options.MaxConnections ?? ConnectionLimit.Within(DescriptorLimit.Read()), clock, _log);
        _bodies = new BodyBudget(BodyBudget.DefaultLimit, clock);
        _webPages = new WebPageGuard(options.AllowedHosts);
        _sockets = ListenSockets.Bind(options, _log);
        _application = Build();
        _journal = options.DataFile is null ? new MemoryJournal() : new SqliteJournal(options.DataFile, _log);
        ConfigIndex index;
        try
        {
            index = new ConfigIndex(_journal);
        }
        catch (StorageException)
        {
            _journal.Dispose();
            _sockets.Dispose();
            throw;
        }

        _history = new HistoryPruner(_journal, clock, _log, options.HistoryDays, options.HistoryRevisions);
        _queue = new WriteQueue(index, _journal, clock, _log, _history.Wrote);
        _pollTimer = new PollTimer(clock);
        _router = Route(index, out _grpcConnections, out _grpc);
        _application.Run(AnswerAsync);
    }

    /// <summary>Gets the HTTP addresses with the actual ports; valid after the start.</summary>
    public IReadOnlyCollection<string> Addresses => [.. AllAddresses.Where(address => !_sockets.IsGrpc(address))];

    /// <summary>Gets the gRPC addresses; valid after the start.</summary>
    public IReadOnlyCollection<string> GrpcAddresses => [.. AllAddresses.Where(_sockets.IsGrpc)];

    private IEnumerable<string> AllAddresses => _application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];

    /// <summary>Gets the limit of failed logins.</summary>
    internal LoginLimit Logins => _logins;

    /// <summary>Gets the number of bytes in use by request bodies.</summary>
    public long HeldBodyBytes => _bodies.Held;

    /// <summary>Gets the number of gRPC connections that listen to keys.</summary>
    internal int GrpcListeners => _grpcConnections?.Listening ?? 0;

    /// <summary>Returns the number of held polls, and a task that completes when it changes.</summary>
    internal (int Count, Task Change) WatchPolls() => _pollTimer.Watch();

    /// <summary>Starts listening.</summary>
    /// <exception cref="IOException">A port is in use.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">An address does not belong to this machine, or requires other privileges.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _application.Lifetime.ApplicationStopping.UnsafeRegister(static clock => ((PollTimer)clock!).Stop(), _pollTimer);
        _application.Lifetime.ApplicationStopping.UnsafeRegister(static connections => ((GrpcConnections?)connections)?.Stop(), _grpcConnections);
        await _application.StartAsync(cancellationToken).ConfigureAwait(false);
        if (_options.StopOnStdinClose) ParentWatch.Start(_application.Lifetime);
    }

    /// <summary>Prunes the history immediately instead of within a minute.</summary>
    internal void PruneHistory() => _history.Prune();

    public Task WaitForStopAsync() => _application.WaitForShutdownAsync();

    public async ValueTask DisposeAsync()
    {
        // The requests end before the queue is written and the data file is closed.
        await _application.StopAsync().ConfigureAwait(false);
        await _application.DisposeAsync().ConfigureAwait(false);
        if (_grpcConnections is not null) await _grpcConnections.Ended.ConfigureAwait(false);
        _sockets.Dispose();
        _grpcConnections?.Dispose();
        _queue.Dispose();
        _history.Dispose();
        _pollTimer.Dispose();
        _journal.Dispose();
    }

    private WebApplication Build()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "Acm.Server", EnvironmentName = "Production" });
        builder.Logging.AddProvider(_log).SetMinimumLevel(LogLevel.Warning);

        // Program reports a failed start in one line.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = _options.StopTimeout);
        builder.Services.AddSingleton<IHostLifetime>(services => new SignalLifetime(
            services.GetRequiredService<IHostApplicationLifetime>(),
            _options.StopOnStdinClose,
            _options.Detached));
        builder.WebHost.UseKestrelCore();
        builder.Services.Configure<SocketTransportOptions>(sockets =>
        {
            sockets.MaxReadBufferSize = UnreadBytesPerConnection;
            sockets.CreateBoundListenSocket = _sockets.Take;
        });
        if (_options.Addresses.Any(address => address.IsTls)) builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(Listen);
        return builder.Build();
    }

    private void Listen(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;

        // Each kind of call has its own limit and error message.
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MaxRequestLineSize = MaxRequestLineBytes;
        kestrel.Limits.KeepAliveTimeout = _options.IdleTimeout;
        kestrel.Limits.RequestHeadersTimeout = HeadersTimeout;
        kestrel.Limits.MaxRequestBufferSize = UnreadBytesPerConnection;
        kestrel.Limits.MinRequestBodyDataRate = SlowestBody;
        kestrel.Limits.Http2.MaxStreamsPerConnection = StreamsPerConnection;
        foreach (ListenAddress address in _sockets.Http) Listen(kestrel, address, address.IsTls ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http1);
        foreach (ListenAddress address in _sockets.Grpc) Listen(kestrel, address, HttpProtocols.Http2);
    }

    private void Listen(KestrelServerOptions kestrel, ListenAddress address, HttpProtocols protocols)
    {
        // ListenAnyIP falls back to IPv4 on a system without IPv6.
        if (address.Address is null) kestrel.ListenAnyIP(address.Port, listener => Configure(listener, address, protocols));
        else kestrel.Listen(address.Address, address.Port, listener => Configure(listener, address, protocols));
    }

    private void Configure(ListenOptions listener, ListenAddress address, HttpProtocols protocols)
    {
        listener.Use(next => connection => _connections.AcceptAsync(connection, next));

        // _grpcConnections is set before the first connection.
        if (_sockets.Grpc.Contains(address)) listener.Use(next => connection => _grpcConnections!.ServeAsync(connection, next));
        listener.Protocols = protocols;
        if (address.IsTls) listener.UseHttps(ServerCertificate.Load(_options.Certificate!, _options.CertificateKey, _options.CertificatePasswordFile));
    }

    private Router Route(ConfigIndex index, out GrpcConnections? grpcConnections, out GrpcEndpoint? grpc)
    {
        var reads = new RateLimit(_options.MaxReadsPerSecond, _clock);
        var changes = new RateLimit(_options.MaxChangesPerSecond, _clock);
        SignatureCheck? signatures = _options.AccessKey is { } accessKey
            ? new SignatureCheck(accessKey, _options.SecretKey, _options.AllowUnsignedPolls, _clock)
            : null;
        var polls = new PollLimit(_options.MaxConnectionsPerIp, _connections.MaxPolls);
        UserDirectory? users = _options.Users.Count > 0 ? Users() : null;

        // The ACM dialect has no users, so it rejects all requests if only users are configured.
        SignatureCheck? acmSignatures = signatures ?? (users is not null && !_options.AnonymousClient ? SignatureCheck.RejectAll(_clock) : null);
        var pending = new PendingPolls(index, _pollTimer);
        int maxContentBytes = _options.MaxContentBytes ?? ConfigWrites.DefaultMaxContentBytes;
        var listeners = new ListenerRegistry(_clock);
        var store = new ConfigStore(index, _queue, _journal, new NamespaceRegistry(_journal, _clock), pending);
        var acm = new AcmDialect(
            new AddressServer(_options.Advertise, _options.Units),
            new ConfigReads(index, reads),
            new ConfigWrites(_queue, changes, maxContentBytes),
            new NamespaceLists(index),
            new BatchReads(index, reads),
            new Polls(pending, new AcmView(index), polls, acmSignatures, new RateLimit(Polls.UnsignedAnswersPerSecond, _clock), listeners),
            new Listeners(index, listeners),
            new HistoryReads(store),
            acmSignatures,
            ConfigWrites.MaxFormBytes(maxContentBytes));
        var limits = new CallLimits(reads, changes, _options.MaxContentBytes);
        grpcConnections = _options.NacosGeneration is { } served && _sockets.Grpc.Count > 0 ? new GrpcConnections(store, polls, served, _clock) : null;
        grpc = grpcConnections is null ? null : NacosSetup.CreateGrpc(grpcConnections.Generation, _options, store, signatures, users, limits, grpcConnections, _log);
        IDialect[] dialects = _options.NacosGeneration is { } generation ? [acm, NacosSetup.Create(generation, _options, store, signatures, users, polls, limits)] : [acm];
        return new Router(new Health(index, _queue, _pollTimer), dialects);
    }

    private UserDirectory Users()
    {
        PasswordSource passwords = _options.PasswordFile is { } file
            ? PasswordSource.OfFile(file, _options.PasswordIterations, _clock, warning => _log.LogWarning("{Warning}", warning))
            : PasswordSource.Of(_options.Passwords, _options.PasswordIterations);
        var tokens = new LoginTokens(_journal.Secret("login tokens", LoginTokens.KeyBytes), _options.TokenLife, _clock);
        return new UserDirectory(_options.Users, passwords, tokens, _logins);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        Answer answer;
        context.Features.Set(_bodies);
        try
        {
            if (_webPages.Refuse(context) is { } refused)
            {
                answer = refused;
            }
            else if (GrpcConnections.Of(context) is { } connection)
            {
                await _grpc!.AnswerAsync(context, connection, _options.Latency).ConfigureAwait(false);
                return;
            }
            else
            {
                answer = await _router.AnswerAsync(context).ConfigureAwait(false);
            }
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException e)
        {
            answer = Answer.Text(e.StatusCode, e.Message + "\n");
        }
        catch (Exception e) when (e is ConnectionResetException || context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone. A read of its body may report that before the token does.
            return;
        }
        catch (StorageException e)
        {
            LogFailure(context, e);
            answer = Answer.StorageFailing(e.Message);
        }
        catch (Exception e)
        {
            _log.LogError(e, "{Method} {Path} failed.", context.Request.Method, context.Request.Path);
            answer = Answer.Text(500, "internal error\n");
        }

        if (_options.Latency > TimeSpan.Zero) await Task.Delay(_options.Latency, _clock, CancellationToken.None).ConfigureAwait(false);
        try
        {
            await answer.WriteAsync(context.Response).ConfigureAwait(false);
        }
        catch (StorageException e)
        {
            // A partially sent response must not look complete.
            LogFailure(context, e);
            context.Abort();
        }
    }

    // A failing disk fails every call, so the log has one line without a stack trace.
    private void LogFailure(HttpContext context, StorageException error) =>
        _log.LogError("{Method} {Path} failed. {Reason}", context.Request.Method, context.Request.Path, error.Message);
}
