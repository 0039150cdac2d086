using Acm.Client.Calls;
using Acm.Client.Reading;

namespace Acm.Client.Watching.Feeds;

/// <summary>Compares the MD5s of its keys with those on the servers at an interval, for servers that tell of changes in no other way.</summary>
internal sealed class Md5PollFeed : IChangeFeed
{
    private readonly Dictionary<int, KeyValuePair<ConfigKey, string?>> _known = [];
    private readonly Stack<int> _free = new();
    private readonly DifferenceFinder _differences;
    private readonly Func<TimeSpan> _interval;
    private readonly TimeSpan? _life;
    private readonly long _started;
    private readonly TimeProvider _clock;
    private readonly Func<double> _random;
    private readonly string _namespace;
    private readonly Func<string?> _server;
    private readonly PushSupport? _push;
    private HashSet<int> _unchecked = [];
    private long _compared;
    private int _failures;

    /// <param name="differences">Compares.</param>
    /// <param name="interval">The time from one comparison of all keys to the next.</param>
    /// <param name="life">The time after which another feed is to take over; null for never.</param>
    /// <param name="maxKeys">The most keys that it takes: no more than the feed that takes over.</param>
    /// <param name="clock">Source of time.</param>
    /// <param name="random">Source of jitter: numbers from 0 to 1.</param>
    /// <param name="namespace">The namespace of all the keys.</param>
    /// <param name="server">Tells which server is in use.</param>
    /// <param name="push">What this feed stands in for, and gives way to; null for nothing.</param>
    public Md5PollFeed(DifferenceFinder differences, Func<TimeSpan> interval, TimeSpan? life, int maxKeys, TimeProvider clock, Func<double> random, string @namespace, Func<string?> server, PushSupport? push)
    {
        _differences = differences;
        _interval = interval;
        _life = life;
        MaxKeys = maxKeys;
        _clock = clock;
        _random = random;
        _namespace = @namespace;
        _server = server;
        _push = push;
        _compared = _started = clock.GetTimestamp();
    }

    public AcmWatchTransport Transport => AcmWatchTransport.Poll;

    public FeedContact? Contact { get; private set; }

    public int MaxKeys { get; }

    public int MaxKeysToInterrupt => int.MaxValue;

    public bool HasUnchecked => _unchecked.Count > 0;

    public int Add(ConfigKey key, string? md5, bool isChecked)
    {
        int place = _free.Count > 0 ? _free.Pop() : _known.Count;
        _known.Add(place, new(key, md5));
        if (!isChecked) _unchecked.Add(place);
        return place;
    }

    public void Update(int place, string? md5, bool isChecked)
    {
        _known[place] = new(_known[place].Key, md5);
        if (isChecked) _unchecked.Remove(place);
    }

    public void Remove(int place)
    {
        _known.Remove(place);
        _unchecked.Remove(place);
        _free.Push(place);
    }

    public void Dispose()
    {
        // Each comparison is over with its wait.
    }

    public async Task<FeedAnswer> WaitAsync(bool isRecovering, CancellationToken cancellationToken)
    {
        bool isAboutAll = isRecovering || !HasUnchecked;
        if (isAboutAll && !isRecovering && (_clock.GetElapsedTime(_started) >= _life || _push?.IsBack(_namespace) == true)) return new FeedAnswer([]) { IsOver = true };

        TimeSpan pause = isAboutAll && !isRecovering ? _interval() - _clock.GetElapsedTime(_compared) : TimeSpan.Zero;
        if (pause > TimeSpan.Zero) await _clock.PauseAsync(pause, cancellationToken).ConfigureAwait(false);
        try
        {
            IReadOnlyList<KeyValuePair<ConfigKey, string?>> known = isAboutAll ? [.. _known.Values] : [.. _unchecked.Select(place => _known[place])];
            var answer = new FeedAnswer(await _differences.FindAsync(_namespace, known, call: null, cancellationToken).ConfigureAwait(false)) { Checked = _unchecked };
            _unchecked = [];
            _failures = 0;
            if (isAboutAll) _compared = _clock.GetTimestamp();
            if (_server() is { } server) Contact = new FeedContact(server, _clock.GetUtcNow());
            return answer;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // Whatever it is must not end the watching of these keys in silence: it is their last error, and the servers are asked again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return FeedAnswer.Failed(e, ++_failures, _random());
        }
    }
}
