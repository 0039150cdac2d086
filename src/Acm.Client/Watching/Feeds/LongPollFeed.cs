using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Protocol;
using Acm.Client.Servers;

namespace Acm.Client.Watching.Feeds;

/// <summary>
/// Has a server hold a request until one of its keys changes. New keys are first asked about in a request that is answered at once. Each key is encoded once; a new MD5 is patched into the request.
/// </summary>
internal sealed class LongPollFeed : IChangeFeed
{
    /// <summary>An answer may come this much late. Other clients wait 10 s as well.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    /// <summary>A proxy may refuse one request for reasons of its own. Where all servers refuse a long poll again, and answer a short one in between, they have none.</summary>
    private const int RefusalsOfServersWithoutIt = 2;

    private readonly HashSet<ServerAddress> _tried = [];
    private readonly ServerPool _pool;
    private readonly ILongPollDialect _dialect;
    private readonly LongPollSupport _support;
    private readonly AcmClientOptions _options;
    private readonly TimeProvider _clock;
    private readonly Func<double> _random;
    private readonly string _namespace;
    private readonly Func<ConfigKey, bool> _isWatched;
    private readonly PushSupport? _push;
    private readonly IListenRequest _request;
    private Dictionary<int, (ConfigKey Key, string? Md5)> _unchecked = [];
    private int _failures;
    private int _failedServers;
    private int _refusingServers;
    private int _hastyAnswers;
    private int _refusals;

    /// <param name="pool">The servers.</param>
    /// <param name="dialect">Their dialect.</param>
    /// <param name="support">Is told whether servers hold requests.</param>
    /// <param name="options">How long a poll lasts, and how many keys it asks about.</param>
    /// <param name="clock">Source of time.</param>
    /// <param name="random">Source of jitter: numbers from 0 to 1.</param>
    /// <param name="namespace">The namespace of all the keys.</param>
    /// <param name="isWatched">Whether a change of a key may end a poll. A server that names other keys only has nothing to tell.</param>
    /// <param name="push">What this feed stands in for, and gives way to; null for nothing.</param>
    public LongPollFeed(ServerPool pool, ILongPollDialect dialect, LongPollSupport support, AcmClientOptions options, TimeProvider clock, Func<double> random, string @namespace, Func<ConfigKey, bool> isWatched, PushSupport? push)
    {
        _pool = pool;
        _dialect = dialect;
        _support = support;
        _options = options;
        _clock = clock;
        _random = random;
        _namespace = @namespace;
        _isWatched = isWatched;
        _push = push;
        _request = dialect.NewListenRequest(@namespace);
    }

    public AcmWatchTransport Transport => AcmWatchTransport.LongPoll;

    public FeedContact? Contact { get; private set; }

    public int MaxKeys => _options.LongPollBatchSize;

    /// <summary>A newcomer to thousands of keys polls apart until the long poll comes round, which saves sending all of them again.</summary>
    public int MaxKeysToInterrupt => 100;

    public bool HasUnchecked => _unchecked.Count > 0;

    public int Add(ConfigKey key, string? md5, bool isChecked)
    {
        int place = _request.Add(key, md5);
        if (!isChecked) _unchecked.Add(place, (key, md5));
        return place;
    }

    public void Update(int place, string? md5, bool isChecked)
    {
        _request.SetMd5(place, md5);
        if (isChecked) _unchecked.Remove(place);
        else if (_unchecked.TryGetValue(place, out (ConfigKey Key, string? Md5) item)) _unchecked[place] = (item.Key, md5);
    }

    public void Remove(int place)
    {
        _request.Remove(place);
        _unchecked.Remove(place);
    }

    public async Task<FeedAnswer> WaitAsync(bool isRecovering, CancellationToken cancellationToken)
    {
        bool hangs = !isRecovering && !HasUnchecked;
        if (hangs && _push?.IsBack(_namespace) == true) return new FeedAnswer([]) { IsOver = true };

        try
        {
            FeedAnswer answer = hangs ? await HangAsync(cancellationToken).ConfigureAwait(false) : await CheckAsync(isRecovering, cancellationToken).ConfigureAwait(false);
            _failures = 0;
            ForgetFailedServers();
            if (_pool.Directory.Servers.InUse is { } server) Contact = new FeedContact(server.Text, _clock.GetUtcNow());
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
            return Failed(e, hangs);
        }
    }

    public void Dispose()
    {
        // Each request is over with its wait.
    }

    private async Task<FeedAnswer> CheckAsync(bool isAboutAll, CancellationToken cancellationToken)
    {
        IListenRequest request = _request;
        if (!isAboutAll && _unchecked.Count < _request.Count)
        {
            request = _dialect.NewListenRequest(_namespace);
            foreach ((ConfigKey key, string? md5) in _unchecked.Values) request.Add(key, md5);
        }

        IReadOnlyList<ConfigKey> changed = await AskAsync(request, hold: null, _options.TryTimeout, cancellationToken).ConfigureAwait(false);
        var answer = new FeedAnswer(changed) { Checked = _unchecked.Keys };
        _unchecked = [];
        return answer;
    }

    private async Task<FeedAnswer> HangAsync(CancellationToken cancellationToken)
    {
        TimeSpan hold = _options.LongPollTimeout;
        long started = _clock.GetTimestamp();
        IReadOnlyList<ConfigKey> changed = await AskAsync(_request, hold, hold + Margin, cancellationToken).ConfigureAwait(false);
        _refusals = 0;
        _support.Note(isHeld: true);
        if (_clock.GetElapsedTime(started) < TimeSpan.FromTicks(hold.Ticks / 2) && !changed.Any(_isWatched))
        {
            return new FeedAnswer(changed) { Oddity = "A server answered a long poll at once although nothing had changed.", Pause = BackOff.After(++_hastyAnswers, _random()) };
        }

        _hastyAnswers = 0;
        return new FeedAnswer(changed);
    }

    private Task<IReadOnlyList<ConfigKey>> AskAsync(IListenRequest request, TimeSpan? hold, TimeSpan limit, CancellationToken cancellationToken) =>
        _pool.TryOnceAsync(request.Listen(hold), _tried, limit, cancellationToken);

    /// <summary>Another server is asked at once. When all of them failed, or the failure settles it, there is a pause first.</summary>
    private FeedAnswer Failed(Exception error, bool hung)
    {
        if (hung && error is AcmException { IsBeyondVersion: true })
        {
            _support.Note(isHeld: false);
            return new FeedAnswer([]) { IsOver = true };
        }

        // One server may refuse, or the proxy before it, what the others do.
        bool isRefused = hung && error is AcmException { Kind: AcmErrorKind.CapabilityMissing };
        if (isRefused) _refusingServers++;
        _failedServers++;
        if ((isRefused || error is AcmException { IsFinal: false }) && _failedServers < _pool.Directory.Servers.Count) return new FeedAnswer([]) { Error = error };

        bool isRefusedByAll = _refusingServers == _failedServers;
        ForgetFailedServers();
        if (isRefusedByAll && _support.IsRefused)
        {
            // As it was the last time: comparing goes on.
            _support.Note(isHeld: false);
            return new FeedAnswer([]) { Error = error, IsOver = true };
        }

        bool isOver = isRefusedByAll && ++_refusals == RefusalsOfServersWithoutIt;
        if (isOver) _support.Note(isHeld: false);
        return FeedAnswer.Failed(error, ++_failures, _random()) with { IsOver = isOver };
    }

    private void ForgetFailedServers()
    {
        _failedServers = _refusingServers = 0;
        _tried.Clear();
    }
}
