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

/// <summary>What all views of one client share: connections, servers and their standing, local stores. Puts the parts together; sends nothing.</summary>
internal sealed class AcmConnection : IDisposable
{
    private readonly Dialect _dialect;

    /// <param name="options">How to connect.</param>
    /// <param name="clock">Source of time.</param>
    /// <param name="random">Source of jitter: numbers from 0 to 1.</param>
    /// <param name="dialect">The dialect; null for the one that the options name.</param>
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

        Watching = new WatchHub(options, new ChangeFeeds(Pool, protocol, _dialect.Push, Differences, Capabilities, options, clock, random, () => !IsDialectUnknown), protocol.MaxBatchSize, Reader, answers, Snapshots, snapshotsAlone, Failover, Cipher, clock, random);
    }

    public AcmClientOptions Options { get; }

    public TimeProvider Clock { get; }

    /// <summary>The dialect; where it is still to be found out, one that finds out as it works. Whether a dialect has a face of its own shows after <see cref="FindDialectAsync(AcmCallOptions?, CancellationToken)"/>.</summary>
    public IConfigProtocol Protocol => _dialect.Auto?.Found?.Protocol ?? _dialect.Protocol;

    /// <summary>Whether no server was asked yet what it is, and nobody said so.</summary>
    public bool IsDialectUnknown => _dialect.Auto is { Found: null };

    /// <summary>What a server told of itself; null where none was asked, or the dialect's servers do not tell.</summary>
    public ServerKnowledge? Known => (Links as IServerKnowledge)?.Known;

    /// <summary>The kind of server: what was said, or found; null while nobody knows.</summary>
    public AcmServerType? ServerType => _dialect.Auto is { } auto ? auto.Known : Options.ServerType;

    public EndpointAddress Endpoint { get; }

    /// <summary>What signs; null where nothing is signed.</summary>
    public AcmCredentialSource? Credentials { get; }

    /// <summary>What everything that was read goes through before a caller sees it.</summary>
    public ConfigCipher Cipher { get; }

    /// <summary>The ways to the servers; the pool's to dispose.</summary>
    public IServerLinks Links { get; }

    public ServerPool Pool { get; }

    public ServerCapabilities Capabilities { get; }

    /// <summary>The IDs of namespaces that were given by their names.</summary>
    public NamespaceFinder Namespaces { get; }

    public NamespaceLister Lister { get; }

    public DifferenceFinder Differences { get; }

    public ConfigWriter Writer { get; }

    public NamespaceKeeper NamespaceKeeper { get; }

    public HistoryReader History { get; }

    public RestorePlanner Restores { get; }

    /// <summary>The first of the readers: failover folder, snapshot folder, servers.</summary>
    public IConfigReader Reader { get; }

    /// <summary>The readers that ask no server: failover folder, snapshot folder.</summary>
    public IConfigReader LocalReader { get; }

    /// <summary>The snapshot folder's reader; null where none is kept.</summary>
    public SnapshotReader? Snapshots { get; }

    /// <summary>The failover folder; null where there is none.</summary>
    public FailoverStore? Failover { get; }

    public WatchHub Watching { get; }

    /// <summary>Proves that a configuration is absent, where the word of one server is no proof.</summary>
    public AbsenceProver Absence { get; }

    /// <summary>Sees to it that the dialect is known, before something is done that depends on it.</summary>
    /// <exception cref="AcmException">It is not, and no server tells.</exception>
    public async Task FindDialectAsync(AcmCallOptions? call, CancellationToken cancellationToken)
    {
        if (_dialect.Auto is { Found: null } auto) await Pool.RunAsync(new FindDialect(auto), call, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sees to it that the dialect is known; asks one server.</summary>
    /// <exception cref="AcmException">It is not, and this server does not tell.</exception>
    public async Task FindDialectAsync(ServerAddress server, CallLog log, CancellationToken cancellationToken)
    {
        if (_dialect.Auto is { } auto) await auto.FindAsync(server, log, cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        Watching.Dispose();
        Absence.Dispose();
        Pool.Dispose();
        Cipher.Dispose();
    }
}
