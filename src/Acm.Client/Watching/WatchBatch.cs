using System.Diagnostics.CodeAnalysis;
using Acm.Client.Calls;
using Acm.Client.Reading;
using Acm.Client.Text;
using Acm.Client.Watching.Feeds;

namespace Acm.Client.Watching;

/// <summary>
/// Keys that share one feed, and the loop that waits for their changes. Its members are under the hub's gate, but for the loop, which alone touches the feed.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without a timer holds nothing, and who interrupts may come late.")]
internal sealed class WatchBatch
{
    /// <summary>How long the others wait for keys that changed to be read. As a rule that takes milliseconds, and the next wait then covers them as well.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(250);

    /// <summary>So many times that, where most of a batch is read: a server that hangs on some keys must not keep the others from being watched.</summary>
    private const int MostGraces = 8;

    private readonly WatchHub _hub;
    private readonly WatchSpace _space;
    private readonly List<KeyEntry> _newcomers = [];
    private readonly FeedKeys _keys;
    private CancellationTokenSource? _stage;
    private int _faults;
    private bool _hasBegun;
    private bool _isPausing;
    private bool _wasRefused;

    public WatchBatch(WatchHub hub, WatchSpace space)
    {
        _hub = hub;
        _space = space;
        _keys = new FeedKeys(this, NewFeed());
    }

    public bool HasRoom => _keys.Count < _keys.Feed.MaxKeys;

    /// <summary>Whether a newcomer is asked about at once, at little cost: before the first turn, or when few keys wait.</summary>
    public bool IsLiveAtOnce => !_hasBegun || (IsWaiting && !IsFailing && _keys.Count <= _keys.Feed.MaxKeysToInterrupt);

    /// <summary>Whether the feed waits for a change.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>Whether nobody watches these keys now: the servers could not be asked the last time, or are left alone for a while.</summary>
    public bool IsFailing => HasFailed || _isPausing;

    /// <summary>Whether the servers could not be asked the last time.</summary>
    public bool HasFailed { get; private set; }

    public WatchFailure? LastError { get; private set; }

    /// <summary>How changes are noticed now.</summary>
    public AcmWatchTransport Transport => _keys.Feed.Transport;

    /// <summary>What was last heard of a server.</summary>
    public (string? Server, DateTimeOffset? At) Contact
    {
        get
        {
            // Read once: the feed connects on another thread.
            FeedContact? contact = _keys.Feed.Contact;
            return (contact?.Server, contact?.At);
        }
    }

    public void Start() => Task.Run(KeepRunningAsync);

    /// <summary>Whether this batch waits without need: it is no larger than another one, which has room for its keys.</summary>
    public bool CanJoin(WatchBatch other) => other != this && IsWaiting && !IsFailing && _keys.Count <= other._keys.Count && _keys.Count + other._keys.Count <= other._keys.Feed.MaxKeys;

    /// <summary>Takes a key in. A feed that waits is interrupted, so that the newcomer is asked about at once.</summary>
    public void Add(KeyEntry entry)
    {
        _keys.Add(entry);
        if (IsWaiting) Interrupt();
    }

    /// <summary>Lets a key go. A wait goes on, unless nobody is left in it.</summary>
    public void Remove(KeyEntry entry)
    {
        _keys.Remove(entry);
        if (_keys.Count == 0) Interrupt();
    }

    /// <summary>Has the next wait use the key's new MD5.</summary>
    public void Update(KeyEntry entry) => _keys.Update(entry);

    /// <summary>Runs the loop, and begins it anew where a fault of our own ends it: keys that nobody asks about any more must not look watched.</summary>
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
#pragma warning disable CA1031 // Nobody awaits this task: whatever ends it is told, and the keys are asked about again.
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
                // Keys came, or the last one went: the next turn sees to it.
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
                // The servers may be gone altogether: what takes over from a push asks them before it hangs.
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

            _isPausing = answer.Oddity is not null;
            if (answer.Oddity is { } oddity) LastError = new WatchFailure(_hub.Clock.GetUtcNow(), oddity);
        }

        if (answer.Notice is { } notice) _space.LogFailure(AcmErrorKind.CapabilityMissing, isNew: true, notice);

        // Of an outage there is one line at the start and one at the end, however many feeds it hits.
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

    /// <summary>The watched key that is in this batch and is not being read; null where there is none.</summary>
    private KeyEntry? Find(ConfigKey key) => _space.Find(key) is { Place: KeyPlace.Batch, FeedPlace: >= 0 } entry && entry.Batch == this ? entry : null;

    /// <summary>Whether a change of the key may end a wait. That of a key that has left since may: the feed still has it.</summary>
    private bool IsWatched(ConfigKey key)
    {
        lock (_hub.Gate) return _keys.IsAnyLeaving || Find(key) is not null;
    }

    /// <summary>Waits until the values are read, but not long while others go unwatched. Those that take longer leave, and join a batch when they are there.</summary>
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

    /// <summary>Has the keys read for which there may be a failover file, before a server is asked about them.</summary>
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
            // Nobody is left, and the next turn ends it.
            return;
        }
    }

    private static string Keys(int count) => count == 1 ? "1 key" : $"{count} keys";

    private void Interrupt()
    {
        // On another thread: what waits for the token goes on in the call that cancels it, which holds the gate.
        if (_stage is { } stage) Task.Run(stage.Cancel);
    }
}
