using System.Diagnostics.CodeAnalysis;
using Acm.Client.Calls;
using Acm.Client.Reading;
using Acm.Client.Text;
using Acm.Client.Watching.Feeds;

namespace Acm.Client.Watching;

/// <summary>
/// Keys that share a feed, and the loop that waits for their changes. Members require the gate, except for the loop, which alone uses the feed.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A cancellation source without a timer holds no resources, and an interruption may come late.")]
internal sealed class WatchBatch
{
    /// <summary>How long the next wait is delayed for changed keys that are being read. This usually takes milliseconds, and the next wait then includes them.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(250);

    /// <summary>Maximum number of such delays while most of a batch is being read: a server that hangs on some keys must not block the others.</summary>
    private const int MostGraces = 8;

    private readonly WatchHub _hub;
    private readonly WatchSpace _space;
    private readonly List<KeyEntry> _newcomers = [];
    private readonly FeedKeys _keys;
    private CancellationTokenSource? _stage;
    private PushFallBack? _told;
    private int _faults;
    private bool _hasBegun;
    private bool _isPausing;
    private bool _isBetweenWaits;
    private bool _wasRefused;

    public WatchBatch(WatchHub hub, WatchSpace space)
    {
        _hub = hub;
        _space = space;
        _keys = new FeedKeys(this, NewFeed());
    }

    public bool HasRoom => _keys.Count < _keys.Feed.MaxKeys;

    /// <summary>Gets whether a new key is watched immediately at little cost: before the first wait, between two waits, or if few keys wait.</summary>
    public bool IsLiveAtOnce => !_hasBegun || ((IsWaiting || _isBetweenWaits) && !IsFailing && _keys.Count <= _keys.Feed.MaxKeysToInterrupt);

    /// <summary>Gets whether the feed is waiting for a change.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>Gets whether the keys are not watched now: the last request failed, or the batch is pausing.</summary>
    public bool IsFailing => HasFailed || _isPausing;

    /// <summary>Gets whether the last request failed.</summary>
    public bool HasFailed { get; private set; }

    public WatchFailure? LastError { get; private set; }

    /// <summary>Gets how changes are detected now.</summary>
    public AcmWatchTransport Transport => _keys.Feed.Transport;

    /// <summary>Gets why changes are not pushed; null if they are, or another transport was specified.</summary>
    public string? TransportReason => _hub.Feeds.ReasonFor(_space.Transport, Transport);

    /// <summary>Gets the last contact with a server.</summary>
    public (string? Server, DateTimeOffset? At) Contact
    {
        get
        {
            // Read once, because the feed connects on another thread.
            FeedContact? contact = _keys.Feed.Contact;
            return (contact?.Server, contact?.At);
        }
    }

    public void Start() => Task.Run(KeepRunningAsync);

    /// <summary>Returns whether this batch can be merged into another one that is at least as large and has room for its keys.</summary>
    public bool CanJoin(WatchBatch other) => other != this && IsWaiting && !IsFailing && _keys.Count <= other._keys.Count && _keys.Count + other._keys.Count <= other._keys.Feed.MaxKeys;

    /// <summary>Adds a key and interrupts a waiting feed, so that the key is watched immediately.</summary>
    public void Add(KeyEntry entry)
    {
        _keys.Add(entry);
        if (IsWaiting) Interrupt();
    }

    /// <summary>Removes a key. A wait continues, unless it was the last key.</summary>
    public void Remove(KeyEntry entry)
    {
        _keys.Remove(entry);
        if (_keys.Count == 0) Interrupt();
    }

    /// <summary>Updates the MD5 of a key for the next wait.</summary>
    public void Update(KeyEntry entry) => _keys.Update(entry);

    /// <summary>Runs the loop and restarts it after an unexpected failure, so that its keys stay watched.</summary>
    private async Task KeepRunningAsync()
    {
        while (true)
        {
            TimeSpan pause;
            int watched;
            Exception fault;
            try
            {
                await RunAsync().ConfigureAwait(false);
                _keys.Feed.Dispose();
                return;
            }
#pragma warning disable CA1031 // Nobody awaits this task: any failure is logged, and the loop is restarted.
            catch (Exception e)
#pragma warning restore CA1031
            {
                fault = e;
            }

            lock (_hub.Gate)
            {
                LastError = new WatchFailure(_hub.Clock.GetUtcNow(), $"Watching failed unexpectedly: {fault.GetType().Name}: {fault.Message}");
                HasFailed = true;
                pause = BackOff.After(++_faults, random: 1);
                watched = _space.Count;
            }

            _space.LogFailure(kind: null, isNew: true, $"Watching {Keys(watched)} failed unexpectedly: {fault.GetType().Name}: {fault.Message} Trying again in {pause.AsPause()}.");
            await PauseAsync(pause, _hub.Ending).ConfigureAwait(false);
        }
    }

    private async Task RunAsync()
    {
        while (true)
        {
            CancellationToken interrupted;
            KeyEntry[] newcomers;
            lock (_hub.Gate)
            {
                Apply();
                if (_keys.Count == 0 || _hub.Ending.IsCancellationRequested)
                {
                    _space.End(this);
                    return;
                }

                _hasBegun = true;
                _isBetweenWaits = false;
                newcomers = [.. _newcomers];
                _stage = new CancellationTokenSource();
                interrupted = _stage.Token;
                IsWaiting = newcomers.Length == 0 && !HasFailed && !_wasRefused && !_keys.Feed.HasUnchecked;
                if (IsWaiting) Absorb();
            }

            try
            {
                if (newcomers.Length > 0) await ReadFailoverAsync(_hub.Failover!, newcomers).ConfigureAwait(false);
                else await WaitAsync(interrupted).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (interrupted.IsCancellationRequested || _hub.Ending.IsCancellationRequested)
            {
                // Keys were added, or the last one was removed; the next pass handles it.
                continue;
            }
            finally
            {
                lock (_hub.Gate) IsWaiting = false;
            }
        }
    }

    private void Apply() => _keys.Apply(_hub.Failover is null ? null : _newcomers);

    private void Absorb()
    {
        if (_space.Absorbable(this) is not { } other) return;

        _keys.Absorb(other._keys);
        if (other._keys.Count == 0) other.Interrupt();
        Apply();
    }

    private async Task WaitAsync(CancellationToken interrupted)
    {
        FeedAnswer answer;
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(interrupted, _hub.Ending))
        {
            answer = await _keys.Feed.WaitAsync(isRecovering: HasFailed || _wasRefused, either.Token).ConfigureAwait(false);
        }

        if (answer.Error is { } error)
        {
            await FailAsync(error, answer, interrupted).ConfigureAwait(false);
            return;
        }

        if (answer.IsOver)
        {
            lock (_hub.Gate)
            {
                // The servers may be down: the feed that replaces push checks them before it waits.
                _wasRefused = _keys.Feed.Transport == AcmWatchTransport.Grpc;
                _keys.MoveTo(NewFeed());
            }

            return;
        }

        bool isWellAgain = false;
        int watched = 0;
        KeyReading reading;
        KeyReading touched;
        lock (_hub.Gate)
        {
            IsWaiting = _wasRefused = false;
            if (HasFailed)
            {
                HasFailed = false;
                _faults = 0;
                _space.NoteRecovery();
                isWellAgain = _space.IsWell;
                watched = _space.Count;
            }

            reading = KeyReader.Begin([.. answer.Changed.Select(Find).OfType<KeyEntry>()], wasReported: true);
            touched = KeyReader.Begin([.. answer.Touched.Select(Find).OfType<KeyEntry>()], wasReported: true, isOfMetadata: true);
            foreach (int place in answer.Checked)
            {
                if (_keys.At(place) is not { Place: KeyPlace.Batch, NeedsCheck: true } entry) continue;
                entry.NeedsCheck = false;
                entry.Confirm();
                if (entry.Value is null) _hub.Snapshots.Add(_space, entry);
            }

            // The next wait follows immediately, and includes the keys that are added until then.
            _isBetweenWaits = reading.Entries.Count == 0 && touched.Entries.Count == 0 && answer.Oddity is null;
            _isPausing = answer.Oddity is not null;
            if (answer.Oddity is { } oddity) LastError = new WatchFailure(_hub.Clock.GetUtcNow(), oddity);
        }

        TellOfFallBack();

        // An outage is logged once at its start and once at its end, however many feeds it affects.
        if (isWellAgain) _space.Log(AcmLogLevel.Verbose, $"Watching {Keys(watched)} was resumed.");
        if (answer.Oddity is not null)
        {
            _space.Log(AcmLogLevel.Verbose, $"{answer.Oddity} Trying again in {answer.Pause.AsPause()}.");
            await PauseAsync(answer.Pause, interrupted).ConfigureAwait(false);
            lock (_hub.Gate) _isPausing = false;
        }

        await ReadAsync(reading).ConfigureAwait(false);
        await ReadAsync(touched).ConfigureAwait(false);
    }

    /// <summary>Warns that another transport stands in for the push, each log once, however many namespaces are watched.</summary>
    private void TellOfFallBack()
    {
        if (_hub.Feeds.FallBack is not { } fallBack || fallBack == _told || Transport == AcmWatchTransport.Grpc) return;

        _told = fallBack;
        _space.Tell(fallBack, Transport);
    }

    /// <summary>Returns a watched key of this batch that is not being read; null if there is none.</summary>
    private KeyEntry? Find(ConfigKey key) => _space.Find(key) is { Place: KeyPlace.Batch, FeedPlace: >= 0 } entry && entry.Batch == this ? entry : null;

    /// <summary>Returns whether a change of a key may end a wait, which includes removed keys that the feed still contains.</summary>
    private bool IsWatched(ConfigKey key)
    {
        lock (_hub.Gate) return _keys.IsAnyLeaving || Find(key) is not null;
    }

    /// <summary>Waits for the values to be read, but not for long, so that the other keys stay watched. Keys that take longer leave the batch and join one later.</summary>
    private async Task ReadAsync(KeyReading reading)
    {
        if (reading.Entries.Count == 0) return;

        Task read = _hub.Reader.RunAsync(_space, reading);
        for (int graces = 1; ; graces++)
        {
            if (!read.IsCompleted)
            {
                using var waited = new CancellationTokenSource();
                await Task.WhenAny(read, _hub.Clock.PauseAsync(Grace, waited.Token)).ConfigureAwait(false);
                waited.Cancel();
            }

            lock (_hub.Gate)
            {
                KeyEntry[] late = [.. reading.Entries.Where(entry => entry.Reading == reading && entry.Batch == this)];
                bool mostAreLate = late.Length == _keys.Count || (2 * late.Length > _keys.Count && graces < MostGraces);
                if (late.Length > 0 && mostAreLate && !read.IsCompleted) continue;

                foreach (KeyEntry entry in late) Remove(entry);
                return;
            }
        }
    }

    /// <summary>Reads new keys that may have a failover file, before a server is asked.</summary>
    private async Task ReadFailoverAsync(FailoverWatch failover, KeyEntry[] newcomers)
    {
        HashSet<KeyEntry> candidates = failover.Candidates(_space.Name, newcomers);
        KeyReading reading;
        lock (_hub.Gate)
        {
            _newcomers.RemoveRange(0, newcomers.Length);
            reading = KeyReader.Begin([.. candidates.Where(entry => entry.Batch == this && entry.Place == KeyPlace.Batch)], wasReported: false);
        }

        if (reading.Entries.Count > 0) await _hub.Reader.RunAsync(_space, reading).ConfigureAwait(false);
    }

    private async Task FailAsync(Exception error, FeedAnswer answer, CancellationToken interrupted)
    {
        if (_hub.Ending.IsCancellationRequested) return;

        bool isNew;
        int watched;
        KeyEntry[] unknown;
        AcmErrorKind kind = error is AcmException { Kind: var told } ? told : AcmErrorKind.InvalidResponse;
        lock (_hub.Gate)
        {
            IsWaiting = false;
            LastError = new WatchFailure(_hub.Clock.GetUtcNow(), error.Message, kind);
            if (answer.Pause == TimeSpan.Zero)
            {
                if (answer.IsOver) _keys.MoveTo(NewFeed());
                return;
            }

            isNew = !HasFailed;
            HasFailed = true;
            watched = _space.Count;
            unknown = [.. _keys.InFeed.Where(entry => entry is { NeedsCheck: true, WasLookedAt: false })];
            if (answer.IsOver) _keys.MoveTo(NewFeed());
        }

        string next = answer.IsOver ? $"From now on, the keys are compared every {_hub.PollIntervalOf(_space.Name).AsPause()}." : $"Trying again in {answer.Pause.AsPause()}.";
        _space.LogFailure(kind, isNew, $"Watching {Keys(watched)} is interrupted. {error.Message} {next}");
        await _hub.Reader.ReadSnapshotsAsync(_space, unknown, error is AcmException failure && SnapshotReader.CanFallBackFor(failure)).ConfigureAwait(false);
        await PauseAsync(answer.Pause, interrupted).ConfigureAwait(false);
    }

    private IChangeFeed NewFeed() => _hub.Feeds.New(_space.Name, IsWatched, () => _hub.PollIntervalOf(_space.Name), _space.Transport, _space.IncludesMetadata);

    private async Task PauseAsync(TimeSpan pause, CancellationToken interrupted)
    {
        try
        {
            await _hub.Clock.PauseAsync(pause, interrupted).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            // No key is left; the next pass ends the loop.
            return;
        }
    }

    private static string Keys(int count) => count == 1 ? "1 key" : $"{count} keys";

    private void Interrupt()
    {
        // Cancelled on another thread, because continuations run inside Cancel, and the gate is held here.
        if (_stage is { } stage) Task.Run(stage.Cancel);
    }
}
