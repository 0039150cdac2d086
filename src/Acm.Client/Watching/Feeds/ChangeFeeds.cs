using Acm.Client.Protocol;
using Acm.Client.Reading;
using Acm.Client.Servers;

namespace Acm.Client.Watching.Feeds;

/// <summary>Makes the feeds of a connection. What its servers turned out to lack is not tried again. Thread-safe.</summary>
internal sealed class ChangeFeeds
{
    /// <summary>How often values are compared where the servers tell of no change.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(10);

    private readonly ServerPool _pool;
    private readonly IConfigProtocol _protocol;
    private readonly DifferenceFinder _differences;
    private readonly ServerCapabilities _capabilities;
    private readonly AcmClientOptions _options;
    private readonly TimeProvider _clock;
    private readonly Func<double> _random;

    public ChangeFeeds(ServerPool pool, IConfigProtocol protocol, DifferenceFinder differences, ServerCapabilities capabilities, AcmClientOptions options, TimeProvider clock, Func<double> random)
    {
        _pool = pool;
        _protocol = protocol;
        _differences = differences;
        _capabilities = capabilities;
        _options = options;
        _clock = clock;
        _random = random;
    }

    /// <param name="namespace">The namespace of the keys.</param>
    /// <param name="isWatched">Whether a change of a key is of interest.</param>
    public IChangeFeed New(string @namespace, Func<ConfigKey, bool> isWatched) => _capabilities.Has(Capability.LongPoll) == false
        ? new Md5PollFeed(_differences, PollInterval, _clock, _random, @namespace)
        : new LongPollFeed(_pool, _protocol, _options, _clock, _random, @namespace, isWatched);

    /// <summary>Takes note that the servers lack what the feeds of this kind need.</summary>
    public void NoteUnsupported(IChangeFeed feed)
    {
        if (feed is LongPollFeed) _capabilities.Note(Capability.LongPoll, isThere: false);
    }
}
