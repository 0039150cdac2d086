using System.Diagnostics.CodeAnalysis;
using Acm.Client.Calls;
using Acm.Client.Protocol;
using Acm.Client.Reading;
using Acm.Client.Text;

namespace Acm.Client.Watching;

/// <summary>
/// Keys that one long poll asks about, and the loop that asks. What changes between two polls (keys that come and go, new MD5s) is noted and patched into the body at the next turn.
/// Its members are under the hub's gate, but for the loop, which alone touches the body.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without a timer holds nothing, and who interrupts may come late.")]
internal sealed class WatchBatch
{
    /// <summary>A server may ask for a pause before the next poll, but not for one so long that changes are missed for good.</summary>
    private static readonly TimeSpan LongestAskedPause = TimeSpan.FromMinutes(5);

    /// <summary>How long the others wait for keys that changed to be read. As a rule that takes milliseconds, and the next poll then covers them as well.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(250);

    /// <summary>So many times that, where most of a batch is read: a server that hangs on some keys must not keep the others from being watched.</summary>
    private const int MostGraces = 8;

    private readonly WatchHub _hub;
    private readonly WatchSpace _space;
    private readonly WatchPoller _poller;
    private readonly IProbeBody _body;
    private readonly List<KeyEntry> _joining = [];
    private readonly List<KeyEntry> _unchecked = [];
    private readonly List<KeyEntry> _patches = [];
    private readonly List<int> _leaving = [];
    private KeyEntry?[] _byPlace = new KeyEntry?[16];
    private CancellationTokenSource? _stage;
    private int _failures;
    private int _hastyAnswers;
    private bool _pausesAfterHaste;

    public WatchBatch(WatchHub hub, WatchSpace space)
    {
        _hub = hub;
        _space = space;
        _poller = new WatchPoller(hub, space.Name);
        _body = hub.Protocol.NewProbe(space.Name);
    }

    public int Limit => _hub.BatchSize;

    public int Count { get; private set; }

    public bool HasRoom => Count < Limit;

    /// <summary>Whether it has had its first turn.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Whether a poll waits for a change.</summary>
    public bool IsHanging { get; private set; }

    /// <summary>Whether nobody watches these keys now: the servers could not be asked the last time, or are left alone for a while.</summary>
    public bool IsFailing => HasFailed || _pausesAfterHaste;

    /// <summary>Whether the servers could not be asked the last time.</summary>
    public bool HasFailed => _failures > 0;

    public Mishap? LastError { get; private set; }

    public void Start() => Task.Run(KeepRunningAsync);

    /// <summary>Takes a key in. One that hangs is interrupted, so that the newcomer is asked about at once.</summary>
    public void Add(KeyEntry entry)
    {
        entry.Batch = this;
        entry.BodyPlace = -1;
        _joining.Add(entry);
        Count++;
        if (IsHanging) Interrupt();
    }

    /// <summary>Lets a key go. A poll that hangs goes on, unless nobody is left in it.</summary>
    public void Remove(KeyEntry entry)
    {
        if (entry.BodyPlace >= 0)
        {
            _byPlace[entry.BodyPlace] = null;
            _leaving.Add(entry.BodyPlace);
        }

        entry.Batch = null;
        entry.BodyPlace = -1;
        Count--;
        if (Count == 0) Interrupt();
    }

    /// <summary>Has the next poll ask with the key's new MD5.</summary>
    public void Patch(KeyEntry entry) => _patches.Add(entry);

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
                IsHanging = false;
                LastError = new Mishap(_hub.Clock.GetUtcNow(), $"Watching failed unexpectedly: {fault.GetType().Name}: {fault.Message}");
                pause = BackOff.After(++_failures, random: 1);
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
            IReadOnlyList<KeyEntry>? toCheck;
            lock (_hub.Gate)
            {
                Apply();
                if (Count == 0 || _hub.Ending.IsCancellationRequested)
                {
                    _space.End(this);
                    return;
                }

                HasBegun = true;
                toCheck = ToCheck();
                if (toCheck is null && !IsFailing) Absorb();
                _stage = new CancellationTokenSource();
                interrupted = _stage.Token;
                IsHanging = toCheck is null;
            }

            try
            {
                if (toCheck is null) await HangAsync(interrupted).ConfigureAwait(false);
                else await CheckAsync(toCheck, interrupted).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (interrupted.IsCancellationRequested || _hub.Ending.IsCancellationRequested)
            {
                // Keys came, or the last one went: the next turn sees to it.
                continue;
            }
#pragma warning disable CA1031 // Whatever it is must not end the watching of these keys in silence: it is their last error, and the servers are asked again.
            catch (Exception e)
#pragma warning restore CA1031
            {
                await FailAsync(e, interrupted).ConfigureAwait(false);
            }
            finally
            {
                lock (_hub.Gate) IsHanging = false;
            }
        }
    }

    /// <summary>Brings the body up to date.</summary>
    private void Apply()
    {
        foreach (int place in _leaving) _body.Remove(place);
        _leaving.Clear();
        foreach (KeyEntry entry in _joining)
        {
            // It may have gone on since, or have come twice.
            if (entry.Batch != this || entry.BodyPlace >= 0) continue;

            entry.BodyPlace = _body.Add(entry.Key, entry.ServerMd5);
            if (entry.BodyPlace >= _byPlace.Length) Array.Resize(ref _byPlace, 2 * _byPlace.Length);
            _byPlace[entry.BodyPlace] = entry;
            if (entry.NeedsCheck) _unchecked.Add(entry);
        }

        _joining.Clear();
        foreach (KeyEntry entry in _patches)
        {
            if (entry.Batch == this && entry.BodyPlace >= 0) _body.SetMd5(entry.BodyPlace, entry.ServerMd5);
        }

        _patches.Clear();
    }

    /// <summary>The keys to ask about without waiting for a change; null where there are none. After a failure that is all, since only an answer tells that all is well again.</summary>
    private List<KeyEntry>? ToCheck()
    {
        _unchecked.RemoveAll(entry => entry.Batch != this || !entry.NeedsCheck);
        if (HasFailed) return [.. _byPlace.Where(entry => entry is not null).Select(entry => entry!)];
        return _unchecked.Count == 0 ? null : [.. _unchecked];
    }

    private void Absorb()
    {
        if (_space.Absorbable(this) is not { } other) return;

        foreach (KeyEntry? entry in other._byPlace)
        {
            if (entry is null) continue;
            other.Remove(entry);
            entry.Batch = this;
            _joining.Add(entry);
            Count++;
        }

        Apply();
    }

    private async Task CheckAsync(IReadOnlyList<KeyEntry> entries, CancellationToken interrupted)
    {
        if (_hub.Failover is { } failover)
        {
            entries = await ReadFailoverAsync(failover, entries).ConfigureAwait(false);
            if (entries.Count == 0) return;
        }

        IProbeBody body = _body;
        if (entries.Count != _body.Count)
        {
            body = _hub.Protocol.NewProbe(_space.Name);
            foreach (KeyEntry entry in entries) body.Add(entry.Key, entry.ServerMd5);
        }

        IReadOnlyList<ConfigKey> reported = await _poller.AskAsync(body, hold: null, interrupted).ConfigureAwait(false);

        bool isWellAgain = false;
        int watched = 0;
        KeyReading reading;
        lock (_hub.Gate)
        {
            if (HasFailed)
            {
                _failures = 0;
                _space.NoteRecovery();
                isWellAgain = _space.IsWell;
                watched = _space.Count;
            }

            reading = Report(reported);
            foreach (KeyEntry entry in entries)
            {
                if (entry.Batch != this || entry.Place != KeyPlace.Batch || !entry.NeedsCheck) continue;
                entry.NeedsCheck = false;
                entry.Confirm();
                if (entry.Value is null) _hub.Snapshots.Add(_space, entry);
            }
        }

        // Of an outage there is one line at the start and one at the end, however many polls it hits.
        if (isWellAgain) _space.Log(AcmLogLevel.Verbose, $"The watching of {Keys(watched)} goes on.");
        await ReadAsync(reading).ConfigureAwait(false);
    }

    private async Task HangAsync(CancellationToken interrupted)
    {
        long started = _hub.Clock.GetTimestamp();
        IReadOnlyList<ConfigKey> reported = await _poller.AskAsync(_body, _hub.Hold, interrupted).ConfigureAwait(false);
        bool isHasty = _hub.Clock.GetElapsedTime(started) < TimeSpan.FromTicks(_hub.Hold.Ticks / 2);

        TimeSpan pause = TimeSpan.Zero;
        KeyReading reading;
        lock (_hub.Gate)
        {
            IsHanging = false;
            reading = Report(reported);

            // A key that went meanwhile is still in the body, and its change ends the poll.
            if (reading.Entries.Count == 0 && isHasty && _leaving.Count == 0)
            {
                pause = BackOff.After(++_hastyAnswers, _hub.Random());
                _pausesAfterHaste = true;
                LastError = new Mishap(_hub.Clock.GetUtcNow(), "A server answered a poll at once although nothing had changed.");
            }
            else
            {
                _hastyAnswers = 0;
            }
        }

        if (pause > TimeSpan.Zero)
        {
            _space.Log(AcmLogLevel.Verbose, $"A server answered a poll of {_body.Count} keys at once although nothing had changed. Asking again in {pause.AsPause()}.");
            await PauseAsync(pause, interrupted).ConfigureAwait(false);
            lock (_hub.Gate) _pausesAfterHaste = false;
            return;
        }

        await ReadAsync(reading).ConfigureAwait(false);
    }

    /// <summary>The keys of this batch among those that a server names. What else it names is of no interest.</summary>
    private KeyReading Report(IReadOnlyList<ConfigKey> reported)
    {
        var entries = new List<KeyEntry>(reported.Count);
        foreach (ConfigKey key in reported)
        {
            if (_space.Find(key) is { Place: KeyPlace.Batch } entry && entry.Batch == this && entry.BodyPlace >= 0) entries.Add(entry);
        }

        return KeyReader.Begin(entries, wasReported: true);
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
                bool mostAreLate = late.Length == Count || (2 * late.Length > Count && graces < MostGraces);
                if (late.Length > 0 && mostAreLate && !read.IsCompleted) continue;

                foreach (KeyEntry entry in late) Remove(entry);
                return;
            }
        }
    }

    /// <summary>Has the keys read for which there may be a failover file; answers the others.</summary>
    private async Task<IReadOnlyList<KeyEntry>> ReadFailoverAsync(FailoverWatch failover, IReadOnlyList<KeyEntry> entries)
    {
        HashSet<KeyEntry> candidates = failover.Candidates(_space.Name, entries);
        if (candidates.Count == 0) return entries;

        KeyReading reading;
        lock (_hub.Gate) reading = KeyReader.Begin([.. candidates.Where(entry => entry.Batch == this && entry.Place == KeyPlace.Batch)], wasReported: false);
        await _hub.Reader.RunAsync(_space, reading).ConfigureAwait(false);
        lock (_hub.Gate)
        {
            Apply();
            return [.. entries.Where(entry => entry.Batch == this && entry.BodyPlace >= 0)];
        }
    }

    private async Task FailAsync(Exception error, CancellationToken interrupted)
    {
        if (_hub.Ending.IsCancellationRequested) return;

        bool goesOn = _poller.GoesOn(error);
        TimeSpan pause = TimeSpan.Zero;
        List<KeyEntry> unknown;
        int failures;
        int watched;
        AcmErrorKind kind = error is AcmException { Kind: var told } ? told : AcmErrorKind.InvalidResponse;
        lock (_hub.Gate)
        {
            IsHanging = false;
            LastError = new Mishap(_hub.Clock.GetUtcNow(), error.Message, kind);
            if (goesOn) return;

            failures = ++_failures;
            watched = _space.Count;
            pause = BackOff.After(failures, _hub.Random());
            if (error is AcmException { RetryAfter: { } asked } && asked > pause) pause = asked < LongestAskedPause ? asked : LongestAskedPause;
            unknown = _unchecked.FindAll(entry => entry.Batch == this && !entry.WasLookedAt);
        }

        _space.LogFailure(
            kind, isNew: failures == 1, $"The watching of {Keys(watched)} is interrupted. {error.Message} Trying again in {pause.AsPause()}.");
        await _hub.Reader.ReadSnapshotsAsync(_space, unknown, error is AcmException failure && SnapshotReader.StandsInFor(failure)).ConfigureAwait(false);
        await PauseAsync(pause, interrupted).ConfigureAwait(false);
    }

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
