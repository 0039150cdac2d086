using Acm.Client.Credentials;
using Acm.Client.Encryption;
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
    /// <param name="options">How to connect.</param>
    /// <param name="clock">Source of time.</param>
    /// <param name="random">Source of jitter: numbers from 0 to 1.</param>
    /// <param name="dialect">The dialect; null for the one that the options name.</param>
    public AcmConnection(AcmClientOptions options, TimeProvider clock, Func<double> random, Dialect? dialect)
    {
        OptionRules.Check(options);
        Options = options;
        Clock = clock;
        Endpoint = EndpointAddress.From(options);
        Credentials = options.CredentialSource ?? (options.Credential is { } credential ? new StaticCredentialSource(credential) : null);
        Cipher = new ConfigCipher(KmsClient.From(options, Credentials, clock, random), clock);
        (Protocol, Links) = dialect ?? DialectSelector.Select(options, Endpoint, Credentials, clock);
        var directory = new ServerDirectory(options, Endpoint, Protocol, Links, clock, random);
        Pool = new ServerPool(options, directory, Links, clock, random);
        Capabilities = new ServerCapabilities(Protocol.Missing);
        Lister = new NamespaceLister(Pool, Protocol);
        Differences = new DifferenceFinder(Pool, Protocol, options.LongPollBatchSize);
        Writer = new ConfigWriter(Pool, Protocol);
        Reader = new ServerReader(Pool, Protocol, Capabilities);
        IConfigReader? snapshotsAlone = null;
        if (options is { NoSnapshot: false, SnapshotPath: { } snapshots })
        {
            var store = new SnapshotStore(snapshots, clock);
            Snapshots = new SnapshotReader(store, Reader, options.Log);
            Reader = Snapshots;
            snapshotsAlone = new SnapshotReader(store, new UnreachableReader(), options.Log);
        }

        FailoverStore? failover = options.FailoverPath is { } path ? new FailoverStore(path) : null;
        LocalReader = snapshotsAlone ?? (IConfigReader)new UnreachableReader();
        if (failover is not null)
        {
            Reader = new FailoverReader(failover, Reader);
            LocalReader = new FailoverReader(failover, LocalReader);
        }

        Watching = new WatchHub(options, new ChangeFeeds(Pool, Protocol, Differences, Capabilities, options, clock, random), Protocol.MaxBatchSize, Reader, Snapshots, snapshotsAlone, failover, Cipher, clock, random);
    }

    public AcmClientOptions Options { get; }

    public TimeProvider Clock { get; }

    public IConfigProtocol Protocol { get; }

    public EndpointAddress Endpoint { get; }

    /// <summary>What signs; null where nothing is signed.</summary>
    public AcmCredentialSource? Credentials { get; }

    /// <summary>What everything that was read goes through before a caller sees it.</summary>
    public ConfigCipher Cipher { get; }

    /// <summary>The ways to the servers; the pool's to dispose.</summary>
    public IServerLinks Links { get; }

    public ServerPool Pool { get; }

    public ServerCapabilities Capabilities { get; }

    public NamespaceLister Lister { get; }

    public DifferenceFinder Differences { get; }

    public ConfigWriter Writer { get; }

    /// <summary>The first of the readers: failover folder, snapshot folder, servers.</summary>
    public IConfigReader Reader { get; }

    /// <summary>The readers that ask no server: failover folder, snapshot folder.</summary>
    public IConfigReader LocalReader { get; }

    /// <summary>The snapshot folder's reader; null where none is kept.</summary>
    public SnapshotReader? Snapshots { get; }

    public WatchHub Watching { get; }

    public void Dispose()
    {
        Watching.Dispose();
        Pool.Dispose();
        Cipher.Dispose();
    }
}
