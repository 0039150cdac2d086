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

    /// <param name="pool">The servers.</param>
    /// <param name="protocol">Their dialect.</param>
    /// <param name="differences">Compares.</param>
    /// <param name="capabilities">What the servers can do.</param>
    /// <param name="options">How long a poll lasts, and how many keys it asks about.</param>
    /// <param name="clock">Source of time.</param>
    /// <param name="random">Source of jitter: numbers from 0 to 1.</param>
    /// <param name="isDialectKnown">Whether it is known by now which dialect the servers speak.</param>
    public ChangeFeeds(ServerPool pool, IConfigProtocol protocol, DifferenceFinder differences, ServerCapabilities capabilities, AcmClientOptions options, TimeProvider clock, Func<double> random, Func<bool> isDialectKnown)
    {
        _pool = pool;
        _protocol = protocol;
        _differences = differences;
        _longPoll = new LongPollSupport(capabilities, clock);
        _options = options;
        _clock = clock;
        _random = random;
        _isDialectKnown = isDialectKnown;
    }

    /// <param name="namespace">The namespace of the keys.</param>
    /// <param name="isWatched">Whether a change of a key is of interest.</param>
    /// <param name="interval">How often values are compared where the servers tell of no change.</param>
    public IChangeFeed New(string @namespace, Func<ConfigKey, bool> isWatched, Func<TimeSpan> interval)
    {
        // A comparison finds out which dialect a long poll has to be written in, and gives way to it at once.
        if (!_isDialectKnown()) return new Md5PollFeed(_differences, interval, life: TimeSpan.Zero, _options.LongPollBatchSize, _clock, _random, @namespace);

        TimeSpan? untilProbe = _longPoll.UntilProbe;
        return untilProbe is null || untilProbe > TimeSpan.Zero
            ? new Md5PollFeed(_differences, interval, untilProbe, untilProbe is null ? int.MaxValue : _options.LongPollBatchSize, _clock, _random, @namespace)
            : new LongPollFeed(_pool, _protocol, _longPoll, _options, _clock, _random, @namespace, isWatched);
    }
}
