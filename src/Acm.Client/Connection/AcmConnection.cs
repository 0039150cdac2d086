using Acm.Client.Calls;
using Acm.Client.Credentials;
using Acm.Client.Encryption;
using Acm.Client.History;
using Acm.Client.Http;
using Acm.Client.Local;
using Acm.Client.Protocol;
using Acm.Client.Reading;
using Acm.Client.Servers;
using Acm.Client.Watching;
using Acm.Client.Watching.Feeds;
using Acm.Client.Writing;

namespace Acm.Client;

/// <summary>The resources that all views of a client share: connections, servers and local stores. Creates and connects the parts; sends no request.</summary>
internal sealed class AcmConnection : IDisposable
{
    private readonly Dialect _dialect;
    private readonly CancellationTokenSource _ending = new();

    /// <param name="options">The connection options.</param>
    /// <param name="clock">Source of time.</param>
    /// <param name="random">Source of jitter: numbers from 0 to 1.</param>
    /// <param name="dialect">The dialect; null for the one that the options select.</param>
    public AcmConnection(AcmClientOptions options, TimeProvider clock, Func<double> random, Dialect? dialect)
    {
        OptionRules.Check(options);
        Options = options;
        Clock = clock;
        Endpoint = EndpointAddress.From(options, DialectSelector.AddressesOf(options.ServerType));
        Credentials = options.CredentialSource ?? (options.Credential is { } credential ? new StaticCredentialSource(credential) : null);
        Cipher = new ConfigCipher(KmsClient.From(options, Credentials, clock, random), clock);
        ServerMemory? memory = options is { NoSnapshot: false, SnapshotPath: { } kept } && options.ServerType != AcmServerType.Acm ? new ServerMemory(kept, options.Endpoint) : null;
        _dialect = dialect ?? DialectSelector.Select(options, Endpoint, Credentials, memory, clock);
        IConfigProtocol protocol = _dialect.Protocol;
        Links = _dialect.Links;
        EndpointDiagnosis? diagnosis = options.ServerType == AcmServerType.Acm && dialect is null ? new EndpointDiagnosis(Links, options.TryTimeout, clock) : null;
        var directory = new ServerDirectory(options, Endpoint, protocol, Links, clock, random) { Explain = diagnosis is null ? null : diagnosis.ExplainAsync };
        Pool = new ServerPool(options, directory, Links, clock, random) { Explain = diagnosis is null ? null : diagnosis.ExplainAsync };
        Capabilities = new ServerCapabilities(protocol.Missing);
        Namespaces = new NamespaceFinder(Pool, memory, options.Log, clock);
        Lister = new NamespaceLister(Pool, protocol);
        Differences = new DifferenceFinder(Pool, protocol, options.LongPollBatchSize);
        Writer = new ConfigWriter(Pool, protocol, () => Protocol);
        NamespaceKeeper = new NamespaceKeeper(Pool, () => Protocol, Lister);
        History = new HistoryReader(Pool, () => Protocol, clock);
        Restores = new RestorePlanner(History, Pool, () => Protocol);
        Reader = new ServerReader(Pool, protocol, Capabilities);
        var log = new CallLog(options.Log, null);
        Absence = new AbsenceProver(Pool, () => Protocol, clock, log);
        var answers = new AnswerCheck(Absence, new AgeProver(Pool, protocol, clock, log));
        IConfigReader? snapshotsAlone = null;
        if (options is { NoSnapshot: false, SnapshotPath: { } snapshots })
        {
            var store = new SnapshotStore(snapshots, clock);
            Snapshots = new SnapshotReader(store, Reader, options.Log, Absence);
            Reader = Snapshots;
            snapshotsAlone = new SnapshotReader(store, new UnreachableReader(), options.Log);
        }

        Failover = options.FailoverPath is { } path ? new FailoverStore(path) : null;
        LocalReader = snapshotsAlone ?? (IConfigReader)new UnreachableReader();
        if (Failover is not null)
        {
            Reader = new FailoverReader(Failover, Reader);
            LocalReader = new FailoverReader(Failover, LocalReader);
        }

        Watching = new WatchHub(options, new ChangeFeeds(Pool, protocol, _dialect.Push, Differences, Capabilities, options, clock, random, () => !IsDialectUnknown, _ending.Token) { WhyNoPush = () => (_dialect.Auto?.Found ?? _dialect).WhyNoPush }, protocol.MaxBatchSize, Reader, answers, Snapshots, snapshotsAlone, Failover, Cipher, clock, random);
    }

    public AcmClientOptions Options { get; }

    public TimeProvider Clock { get; }

    /// <summary>Gets the dialect; before it is detected, one that detects it when used. Check for optional interfaces only after <see cref="FindDialectAsync(AcmCallOptions?, CancellationToken)"/>.</summary>
    public IConfigProtocol Protocol => _dialect.Auto?.Found?.Protocol ?? _dialect.Protocol;

    /// <summary>Gets whether the server type is neither specified nor detected yet.</summary>
    public bool IsDialectUnknown => _dialect.Auto is { Found: null };

    /// <summary>Gets what a server reported about itself; null if none was asked or the dialect's servers do not report it.</summary>
    public ServerKnowledge? Known => (Links as IServerKnowledge)?.Known;

    /// <summary>Gets the server type, as specified or detected; null while unknown.</summary>
    public AcmServerType? ServerType => _dialect.Auto is { } auto ? auto.Known : Options.ServerType;

    public EndpointAddress Endpoint { get; }

    /// <summary>Gets the credentials; null for anonymous access.</summary>
    public AcmCredentialSource? Credentials { get; }

    /// <summary>Gets the cipher that decrypts everything before a caller receives it.</summary>
    public ConfigCipher Cipher { get; }

    /// <summary>Gets the links to the servers; the pool disposes them.</summary>
    public IServerLinks Links { get; }

    public ServerPool Pool { get; }

    public ServerCapabilities Capabilities { get; }

    /// <summary>Gets the resolver of namespace names.</summary>
    public NamespaceFinder Namespaces { get; }

    public NamespaceLister Lister { get; }

    public DifferenceFinder Differences { get; }

    public ConfigWriter Writer { get; }

    public NamespaceKeeper NamespaceKeeper { get; }

    public HistoryReader History { get; }

    public RestorePlanner Restores { get; }

    /// <summary>Gets the first of the readers: failover folder, snapshots, servers.</summary>
    public IConfigReader Reader { get; }

    /// <summary>Gets the readers that do not use servers: failover folder, snapshots.</summary>
    public IConfigReader LocalReader { get; }

    /// <summary>Gets the reader of snapshots; null if none are kept.</summary>
    public SnapshotReader? Snapshots { get; }

    /// <summary>Gets the failover folder; null if there is none.</summary>
    public FailoverStore? Failover { get; }

    public WatchHub Watching { get; }

    /// <summary>Gets the verification of absence, for dialects in which "not found" from one server is not sufficient proof.</summary>
    public AbsenceProver Absence { get; }

    /// <summary>Detects the dialect if it is not known yet.</summary>
    /// <exception cref="AcmException">No server is reachable, or the dialect cannot be determined.</exception>
    public async Task FindDialectAsync(AcmCallOptions? call, CancellationToken cancellationToken)
    {
        if (_dialect.Auto is { Found: null } auto) await Pool.RunAsync(new FindDialect(auto), call, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Detects the dialect with one server if it is not known yet.</summary>
    /// <exception cref="AcmException">The server is unreachable, or the dialect cannot be determined.</exception>
    public async Task FindDialectAsync(ServerAddress server, CallLog log, CancellationToken cancellationToken)
    {
        if (_dialect.Auto is { } auto) await auto.FindAsync(server, log, cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        // A second call does nothing.
        if (_ending.IsCancellationRequested) return;

        _ending.Cancel();
        Watching.Dispose();
        Absence.Dispose();
        Pool.Dispose();
        Cipher.Dispose();
    }
}
