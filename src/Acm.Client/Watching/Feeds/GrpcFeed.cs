using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Protocol;

namespace Acm.Client.Watching.Feeds;

/// <summary>
/// Receives pushes over gRPC. A push only says that a key may have changed: the feed listens to the key again with the known MD5, and the server answers whether it differs. All keys are compared after
/// each connect, and every few minutes.
/// </summary>
internal sealed class GrpcFeed : IChangeFeed
{
    /// <summary>The most keys of one connection. Java clients open another one for more (nacos-client 2.5.1, ParamUtil.getPerTaskConfigSize).</summary>
    private const int MostKeys = 3000;

    /// <summary>The interval at which all keys are compared without a push. That of Java clients (nacos-client 2.5.1, ClientWorker).</summary>
    private static readonly TimeSpan CompareInterval = TimeSpan.FromMinutes(3);

    /// <summary>A connection that is lost sooner counts as a quick loss.</summary>
    private static readonly TimeSpan ShortLife = TimeSpan.FromSeconds(10);

    /// <summary>After this many quick losses in a row, another feed takes over.</summary>
    private const int MostQuickLosses = 3;

    private readonly Dictionary<int, KeyValuePair<ConfigKey, string?>> _known = [];
    private readonly Dictionary<ConfigKey, int> _places = [];
    private readonly Stack<int> _free = new();
    private readonly HashSet<ConfigKey> _left = [];
    private readonly List<ServerAddress> _tried = [];
    private readonly PushSupport _support;
    private readonly bool _fallsBack;
    private readonly TimeProvider _clock;
    private readonly Func<double> _random;
    private readonly string _namespace;
    private HashSet<int> _unlisted = [];
    private HashSet<int> _unchecked = [];
    private HashSet<int> _pushed = [];
    private bool _hasWorked;
    private ServerAddress? _server;
    private ServerAddress? _lost;
    private readonly CancellationTokenSource _ending = new();
    private Task<IPushLink>? _connecting;
    private IPushLink? _link;
    private FeedContact? _lastContact;
    private string? _successor;
    private long _connected;
    private long _compared;
    private bool _works;
    private bool _lasts;
    private int _quickLosses;
    private int _failures;

    /// <param name="support">Connects, and records whether servers push.</param>
    /// <param name="fallsBack">Whether another feed takes over if no server pushes.</param>
    /// <param name="maxKeys">The most keys of the feed that takes over.</param>
    /// <param name="clock">Source of time.</param>
    /// <param name="random">Source of jitter: numbers from 0 to 1.</param>
    /// <param name="namespace">The namespace of all the keys.</param>
    public GrpcFeed(PushSupport support, bool fallsBack, int maxKeys, TimeProvider clock, Func<double> random, string @namespace)
    {
        _support = support;
        _fallsBack = fallsBack;
        MaxKeys = Math.Min(maxKeys, MostKeys);
        _clock = clock;
        _random = random;
        _namespace = @namespace;
    }

    /// <summary>Gets whether pushes are reported although the content is the same: the metadata may have changed.</summary>
    public bool IncludesMetadata { get; init; }

    public AcmWatchTransport Transport => AcmWatchTransport.Grpc;

    public FeedContact? Contact => _link is { } link ? new FeedContact(link.Server, link.LastContact) : _lastContact;

    public int MaxKeys { get; }

    private bool IsQuick => _clock.GetElapsedTime(_connected) < ShortLife;

    /// <summary>Gets the most keys; a new key costs only a small request on the open connection.</summary>
    public int MaxKeysToInterrupt => int.MaxValue;

    public bool HasUnchecked => _unchecked.Count > 0;

    public int Add(ConfigKey key, string? md5, bool isChecked)
    {
        int place = _free.Count > 0 ? _free.Pop() : _known.Count;
        _known.Add(place, new(key, md5));
        _places[key] = place;
        _left.Remove(key);
        _unlisted.Add(place);
        if (!isChecked) _unchecked.Add(place);
        return place;
    }

    public void Update(int place, string? md5, bool isChecked)
    {
        // The value may have been replaced while it was read: the next listen shows that.
        _known[place] = new(_known[place].Key, md5);
        _unlisted.Add(place);
        if (isChecked) _unchecked.Remove(place);
    }

    public void Remove(int place)
    {
        ConfigKey key = _known[place].Key;
        _known.Remove(place);
        _places.Remove(key);
        _unlisted.Remove(place);
        _unchecked.Remove(place);
        _pushed.Remove(place);
        _free.Push(place);
        if (_link is not null) _left.Add(key);
    }

    public async Task<FeedAnswer> WaitAsync(bool isRecovering, CancellationToken cancellationToken)
    {
        try
        {
            return await AskAsync(isRecovering, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // Whatever it is must not end the watching of these keys in silence: it is their last error, and the servers are asked again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return Failed(e);
        }
    }

    public void Dispose()
    {
        Disconnect();
        if (_connecting is { } connecting) Task.Run(() => GiveUp(connecting));
        else _ending.Dispose();
    }

    private void GiveUp(Task<IPushLink> connecting)
    {
        connecting.ContinueWith(
            static opened =>
            {
                if (opened.Status == TaskStatus.RanToCompletion) opened.Result.Dispose();
                else _ = opened.Exception;
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        _ending.Cancel();
        _ending.Dispose();
    }

    private async Task<FeedAnswer> AskAsync(bool isRecovering, CancellationToken cancellationToken)
    {
        IPushLink link = await ConnectAsync(cancellationToken).ConfigureAwait(false);
        bool mustAnswer = isRecovering || HasUnchecked;
        if (isRecovering) _unlisted = [.. _known.Keys];
        while (true)
        {
            await StopListeningAsync(link, cancellationToken).ConfigureAwait(false);
            if (_clock.GetElapsedTime(_compared) >= CompareInterval) _unlisted = [.. _known.Keys];
            IReadOnlyList<ConfigKey> changed = await ListenAsync(link, cancellationToken).ConfigureAwait(false);
            if (changed.Count > 0 || _pushed.Count > 0 || mustAnswer)
            {
                HashSet<int> compared = _unchecked;
                _unchecked = [];
                ConfigKey[] touched = [.. _pushed.Select(place => _known[place].Key).Except(changed)];
                _pushed = [];
                return new FeedAnswer(changed) { Checked = compared, Touched = touched };
            }

            foreach (ConfigKey key in await WaitForChangesAsync(link, cancellationToken).ConfigureAwait(false))
            {
                if (!_places.TryGetValue(key, out int place)) continue;

                _unlisted.Add(place);
                if (IncludesMetadata) _pushed.Add(place);
            }
        }
    }

    private async Task<IPushLink> ConnectAsync(CancellationToken cancellationToken)
    {
        if (_link is not null) return _link;

        // The attempt continues when a wait is interrupted. Otherwise, keys that are added again and again would restart it each time.
        _connecting ??= OpenAsync();
        await _connecting.OrCancelled(cancellationToken).ConfigureAwait(false);
        _link = await _connecting.ConfigureAwait(false);
        _connecting = null;
        _successor = null;
        _connected = _clock.GetTimestamp();
        _works = _lasts = false;
        _left.Clear();
        _unlisted = [.. _known.Keys];

        // Pushes were missed meanwhile. The server compares contents; metadata has to be read.
        if (IncludesMetadata && _hasWorked) _pushed = [.. _known.Keys];
        return _link;
    }

    private async Task<IPushLink> OpenAsync()
    {
        _server = null;
        _server = await _support.PickAsync(_tried, _lost, _successor, _ending.Token).ConfigureAwait(false);
        return await _support.OpenAsync(_server, _namespace, _ending.Token).ConfigureAwait(false);
    }

    private async Task StopListeningAsync(IPushLink link, CancellationToken cancellationToken)
    {
        if (_left.Count == 0) return;

        ConfigKey[] left = [.. _left];
        await link.StopListeningAsync(left, cancellationToken).ConfigureAwait(false);
        _left.ExceptWith(left);
    }

    private async Task<IReadOnlyList<ConfigKey>> ListenAsync(IPushLink link, CancellationToken cancellationToken)
    {
        if (_unlisted.Count == 0) return [];

        bool isAboutAll = _unlisted.Count == _known.Count;
        IReadOnlyList<ConfigKey> changed = await link.ListenAsync([.. _unlisted.Select(place => _known[place])], cancellationToken).ConfigureAwait(false);
        _unlisted = [];
        if (isAboutAll) _compared = _clock.GetTimestamp();
        if (!_works)
        {
            _works = _hasWorked = true;
            _failures = 0;
            _tried.Clear();
            _support.NoteConnected();

            // Another server may not have the pushed value yet.
            _support.Prefer(_server!);
        }

        if (!IsQuick) NoteLasts();
        return changed;
    }

    private async Task<IReadOnlyCollection<ConfigKey>> WaitForChangesAsync(IPushLink link, CancellationToken cancellationToken)
    {
        TimeSpan left = CompareInterval - _clock.GetElapsedTime(_compared);
        try
        {
            return await _clock.WithinAsync(left > TimeSpan.Zero ? left : TimeSpan.FromTicks(1), static (link, token) => link.WaitForChangesAsync(token), link, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeLimitException)
        {
            // Time to compare all keys.
            return [];
        }
    }

    private FeedAnswer Failed(Exception error)
    {
        bool worked = _link is not null && _works;
        _successor = _link?.Successor;
        _connecting = null;
        Disconnect();
        if (worked) return Lost(error);

        if (_server is { } server && !_tried.Contains(server)) _tried.Add(server);
        if (_tried.Count < _support.ServerCount) return new FeedAnswer([]) { Error = error };

        _tried.Clear();
        if (!_fallsBack || error is not AcmException refusal || !IsAboutAll(refusal)) return FeedAnswer.Failed(error, ++_failures, _random());

        // Not an error of the keys: another feed watches them from now on.
        _support.NoteRefused(refusal);
        return new FeedAnswer([]) { IsOver = true };
    }

    /// <summary>Returns whether the refusal applies to all keys of these servers. Refusals of single keys, and failures over HTTP, say nothing about gRPC.</summary>
    private static bool IsAboutAll(AcmException refusal) => refusal.Kind is AcmErrorKind.CapabilityMissing or AcmErrorKind.Throttled || refusal.Option == nameof(AcmClientOptions.GrpcPort);

    /// <summary>Handles the loss of a connection that worked: the feed connects to the next server at once, unless connections are lost repeatedly.</summary>
    private FeedAnswer Lost(Exception error)
    {
        _tried.Clear();
        _lost = _server;
        if (IsQuick) _quickLosses++;
        else NoteLasts();

        if (_quickLosses >= MostQuickLosses && _fallsBack && error is AcmException lost)
        {
            // Something on the network path ends each connection, for example a load balancer.
            _support.NoteRefused(lost);
            return new FeedAnswer([]) { IsOver = true };
        }

        return _quickLosses > 1 ? FeedAnswer.Failed(error, _quickLosses - 1, _random()) : new FeedAnswer([]) { Error = error };
    }

    private void NoteLasts()
    {
        if (_lasts) return;

        _lasts = true;
        _quickLosses = 0;
        _support.NoteWorks();
    }

    private void Disconnect()
    {
        if (_link is not { } link) return;

        _lastContact = new FeedContact(link.Server, link.LastContact);
        _link = null;
        link.Dispose();
    }
}
