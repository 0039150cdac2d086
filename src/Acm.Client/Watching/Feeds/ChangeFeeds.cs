using Acm.Client.Calls;
using Acm.Client.Protocol;
using Acm.Client.Reading;
using Acm.Client.Servers;

namespace Acm.Client.Watching.Feeds;

/// <summary>Makes the feeds of a connection. What its servers turned out to lack is not tried again for some minutes. Thread-safe.</summary>
internal sealed class ChangeFeeds
{
    /// <summary>How often values are compared where the servers tell of no change, unless a watcher asks for something else.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(10);

    private readonly ServerPool _pool;
    private readonly IConfigProtocol _protocol;
    private readonly DifferenceFinder _differences;
    private readonly LongPollSupport _longPoll;
    private readonly AcmClientOptions _options;
    private readonly TimeProvider _clock;
    private readonly Func<double> _random;
    private readonly Func<bool> _isDialectKnown;
    private readonly PushSupport? _push;

    /// <param name="pool">The servers.</param>
    /// <param name="protocol">Their dialect.</param>
    /// <param name="pushLinks">Connections on which they push; null where they do not.</param>
    /// <param name="differences">Compares.</param>
    /// <param name="capabilities">What the servers can do.</param>
    /// <param name="options">How long a poll lasts, and how many keys it asks about.</param>
    /// <param name="clock">Source of time.</param>
    /// <param name="random">Source of jitter: numbers from 0 to 1.</param>
    /// <param name="isDialectKnown">Whether it is known by now which dialect the servers speak.</param>
    /// <param name="ending">Canceled when the connection is closed.</param>
    public ChangeFeeds(ServerPool pool, IConfigProtocol protocol, IPushLinks? pushLinks, DifferenceFinder differences, ServerCapabilities capabilities, AcmClientOptions options, TimeProvider clock, Func<double> random, Func<bool> isDialectKnown, CancellationToken ending)
    {
        _pool = pool;
        _protocol = protocol;
        _differences = differences;
        _longPoll = new LongPollSupport(capabilities, clock);
        _options = options;
        _clock = clock;
        _random = random;
        _isDialectKnown = isDialectKnown;
        _push = pushLinks is null ? null : new PushSupport(pushLinks, pool, options.Log, clock, ending);
    }

    /// <summary>Whether changes can be pushed to this client.</summary>
    public bool CanPush => _push is not null;

    /// <summary>Gets why this target framework does not support pushes; null if it does, or the servers never push.</summary>
    public Func<string?> WhyNoPush { get; init; } = static () => null;

    /// <summary>Gets why another transport stands in for the push; null if none does.</summary>
    public PushFallBack? FallBack => _push?.FallBack;

    /// <summary>Returns why changes are not pushed; null if they are, or another transport was specified.</summary>
    /// <param name="asked">The specified transport.</param>
    /// <param name="used">The transport in use.</param>
    public string? ReasonFor(AcmWatchTransport asked, AcmWatchTransport used) => asked != AcmWatchTransport.Auto || used == AcmWatchTransport.Grpc ? null : _push is null ? WhyNoPush() : FallBack?.Reason;

    /// <param name="namespace">The namespace of the keys.</param>
    /// <param name="isWatched">Whether a change of a key is of interest.</param>
    /// <param name="interval">How often values are compared where the servers tell of no change.</param>
    /// <param name="transport">How changes are to be noticed.</param>
    /// <param name="includesMetadata">Whether changes of metadata alone are of interest.</param>
    public IChangeFeed New(string @namespace, Func<ConfigKey, bool> isWatched, Func<TimeSpan> interval, AcmWatchTransport transport, bool includesMetadata)
    {
        PushSupport? wanted = transport is AcmWatchTransport.Auto or AcmWatchTransport.Grpc ? _push : null;
        bool fallsBack = transport == AcmWatchTransport.Auto;
        if (wanted is not null && (wanted.IsReady || !fallsBack)) return new GrpcFeed(wanted, fallsBack, _options.LongPollBatchSize, _clock, _random, @namespace) { IncludesMetadata = includesMetadata };
        if (transport == AcmWatchTransport.Poll) return Compare(@namespace, interval, life: null, maxKeys: int.MaxValue, push: null);

        // A comparison finds out which dialect a long poll has to be written in, and gives way to it at once.
        if (!_isDialectKnown()) return Compare(@namespace, interval, life: TimeSpan.Zero, _options.LongPollBatchSize, wanted);

        TimeSpan? untilProbe = _longPoll.UntilProbe;
        return untilProbe <= TimeSpan.Zero && _protocol is ILongPollDialect dialect
            ? new LongPollFeed(_pool, dialect, _longPoll, _options, _clock, _random, @namespace, isWatched, wanted)
            : Compare(@namespace, interval, untilProbe, untilProbe is null && wanted is null ? int.MaxValue : _options.LongPollBatchSize, wanted);
    }

    /// <param name="namespace">The namespace.</param>
    /// <param name="filters">Which names.</param>
    /// <param name="list">Reads the list.</param>
    /// <param name="interval">How long to wait before each reading of the list.</param>
    /// <param name="transport">How changes are to be noticed.</param>
    public NameFeed NewNames(string @namespace, IReadOnlyList<ConfigFilter> filters, Func<CancellationToken, Task<IReadOnlyList<ConfigKey>>> list, TimeSpan interval, AcmWatchTransport transport) =>
        new(transport is AcmWatchTransport.Auto or AcmWatchTransport.Grpc ? _push : null, filters, list, interval, _clock, new CallLog(_options.Log, null), @namespace);

    private Md5PollFeed Compare(string @namespace, Func<TimeSpan> interval, TimeSpan? life, int maxKeys, PushSupport? push) =>
        new(_differences, interval, life, maxKeys, _clock, _random, @namespace, () => _pool.Directory.Servers.InUse?.Text, push);
}
