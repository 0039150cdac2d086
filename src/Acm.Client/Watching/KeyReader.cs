using System.Diagnostics.CodeAnalysis;
using Acm.Client.Calls;
using Acm.Client.Encryption;
using Acm.Client.Reading;
using Acm.Client.Text;

namespace Acm.Client.Watching;

/// <summary>
/// Reads the values of watched keys like any other read (failover folder, servers, decryption), in parallel batches, and is the only source of values for the keys.
/// Snapshots are used only while nothing is known about a key, and are never reported as a change.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle holds no resources, and a read may end late.")]
internal sealed class KeyReader
{
    /// <summary>Maximum number of batches that are read in parallel, over all namespaces.</summary>
    private const int BatchesAtOnce = 8;

    /// <summary>Maximum number of keys of one batch that are read in parallel if servers do not support batches.</summary>
    private const int KeysAtOnce = 8;

    /// <summary>Delay before a changed failover file is read again: while an editor saves it, it may be empty or incomplete.</summary>
    private static readonly TimeSpan FileSettles = TimeSpan.FromMilliseconds(200);

    /// <summary>Snapshots are saved later by <see cref="SnapshotKeeper"/>.</summary>
    private static readonly AcmCallOptions Call = new() { NoSnapshot = true };

    private static readonly AcmCallOptions DetailedCall = new() { NoSnapshot = true, WithMetadata = true };

    private readonly WatchHub _hub;
    private readonly IConfigReader _reader;
    private readonly AnswerCheck _answers;
    private readonly IConfigReader? _snapshots;
    private readonly ConfigCipher _cipher;
    private readonly int _batchSize;
    private readonly SemaphoreSlim _room = new(BatchesAtOnce);

    /// <param name="hub">The owner of the keys.</param>
    /// <param name="reader">The first reader of the session.</param>
    /// <param name="answers">Verifies removals and older values.</param>
    /// <param name="snapshots">Reads snapshots only; null if there are none.</param>
    /// <param name="cipher">Decrypts the values.</param>
    /// <param name="batchSize">Maximum number of keys in one batch.</param>
    public KeyReader(WatchHub hub, IConfigReader reader, AnswerCheck answers, IConfigReader? snapshots, ConfigCipher cipher, int batchSize)
    {
        _hub = hub;
        _reader = reader;
        _answers = answers;
        _snapshots = snapshots;
        _cipher = cipher;
        _batchSize = batchSize;
    }

    /// <summary>Starts a read of keys in any state. Requires the gate.</summary>
    public static KeyReading Begin(IReadOnlyList<KeyEntry> entries, bool wasReported, bool isOfMetadata = false)
    {
        var reading = new KeyReading(entries, wasReported, isOfMetadata);
        foreach (KeyEntry entry in entries)
        {
            // A key that was reported keeps its position in the batch: its value usually arrives before the next wait.
            if (!wasReported) entry.Batch?.Remove(entry);
            entry.Place = KeyPlace.Reading;
            entry.Reading = reading;
        }

        return reading;
    }

    /// <summary>Reads until every key has a value, or an error and a retry time. Never fails.</summary>
    public async Task RunAsync(WatchSpace space, KeyReading reading)
    {
        try
        {
            await ReadPartsAsync(space, reading).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Some of these tasks are not awaited: an unexpected failure is logged, and the keys are read again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Fail(space, reading, e);
        }
    }

    /// <summary>Schedules another read for the keys of a read that failed unexpectedly, except for those that a later read has taken over.</summary>
    private void Fail(WatchSpace space, KeyReading reading, Exception fault)
    {
        if (_hub.Ending.IsCancellationRequested) return;

        var problem = new WatchFailure(_hub.Clock.GetUtcNow(), $"Reading failed unexpectedly: {fault.GetType().Name}: {fault.Message}");
        List<KeyEntry> left;
        TimeSpan pause;
        lock (_hub.Gate)
        {
            left = [.. reading.Entries.Where(entry => entry.Place != KeyPlace.Gone && (entry.Reading == reading || entry.Reading is null))];
            if (left.Count == 0) return;

            int failures = 0;
            foreach (KeyEntry entry in left) failures = Math.Max(failures, Wait(entry, problem));
            pause = BackOff.After(failures, random: 1);
            ReadAgainAfter(pause, space, left);
        }

        space.LogFailure(kind: null, isNew: true, $"The watched '{left[0].Key}'{Others(left.Count - 1)} could not be read: {problem.Message} Trying again in {pause.AsPause()}.");
    }

    private async Task ReadPartsAsync(WatchSpace space, KeyReading reading)
    {
        // Batches contain keys of one group, so each part should have few groups.
        KeyEntry[] sorted = [.. reading.Entries.OrderBy(entry => entry.Key.Group, StringComparer.Ordinal)];
        var parts = new List<Task<FailedRead[]>>();
        for (int start = 0; start < sorted.Length; start += _batchSize)
        {
            parts.Add(ReadAsync(space, reading, new ArraySegment<KeyEntry>(sorted, start, Math.Min(_batchSize, sorted.Length - start))));
        }

        FailedRead[][] failed = await Task.WhenAll(parts).ConfigureAwait(false);
        Tell(space, failed.SelectMany(part => part));
    }

    /// <summary>Sets the snapshots of keys whose first read failed and whose value is unknown. They are not reported as changes, and the servers are still asked. Never fails.</summary>
    /// <param name="space">The namespace.</param>
    /// <param name="entries">The keys.</param>
    /// <param name="mayStandIn">Whether a snapshot may be used after this failure.</param>
    public async Task ReadSnapshotsAsync(WatchSpace space, IReadOnlyList<KeyEntry> entries, bool mayStandIn)
    {
        if (entries.Count == 0) return;

        ConfigResult[] results = _snapshots is null || !mayStandIn ? [] : await ReadAsync(_snapshots, answers: null, space, entries, call: null).ConfigureAwait(false);
        lock (_hub.Gate)
        {
            for (int i = 0; i < results.Length; i++)
            {
                if (results[i].Config is { } config) TakeSnapshot(entries[i], config);
            }

            foreach (KeyEntry entry in entries) entry.NoteLook();
        }
    }

    private async Task<FailedRead[]> ReadAsync(WatchSpace space, KeyReading reading, IReadOnlyList<KeyEntry> entries)
    {
        ConfigResult[] results = await _room.UseAsync(() => ReadAsync(_reader, _answers, space, entries, space.IncludesMetadata ? DetailedCall : Call), CancellationToken.None).ConfigureAwait(false);
        FailedRead[] failed = Take(space, reading, entries, results);
        foreach (IGrouping<bool, KeyEntry> unknown in failed.Where(read => read.IsFirstLook).GroupBy(read => read.Problem.MayStandIn, read => read.Entry))
        {
            await ReadSnapshotsAsync(space, [.. unknown], unknown.Key).ConfigureAwait(false);
        }

        return failed;
    }

    /// <summary>Logs failed reads: a failure that many keys may share once for all, others once per read.</summary>
    private void Tell(WatchSpace space, IEnumerable<FailedRead> failed)
    {
        if (_hub.Ending.IsCancellationRequested) return;

        foreach (IGrouping<(AcmErrorKind? Kind, bool IsNew), FailedRead> alike in failed.GroupBy(read => (read.Problem.Kind, read.Failures == 1)))
        {
            FailedRead first = alike.First();
            string message = $"The watched '{first.Entry.Key}'{Others(alike.Count() - 1)} could not be read: {first.Problem.Message} Trying again in {first.Pause.AsPause()}.";
            if (IsShared(alike.Key.Kind)) space.LogFailure(alike.Key.Kind, alike.Key.IsNew, message);

            // An unconfirmed removal is not a failure.
            else space.Log(alike.Key is { IsNew: true, Kind: not AcmErrorKind.ConfigNotFound } ? AcmLogLevel.Warning : AcmLogLevel.Verbose, message);
        }
    }

    private static string Others(int count) => count == 0 ? "" : count == 1 ? " and 1 other" : $" and {count} others";

    /// <summary>Returns whether a failure is unrelated to the key.</summary>
    private static bool IsShared(AcmErrorKind? kind) =>
        kind is AcmErrorKind.ServerUnavailable or AcmErrorKind.Timeout or AcmErrorKind.Throttled or AcmErrorKind.AuthenticationFailed or AcmErrorKind.UntrustedServer;

    /// <summary>Reads keys with one result per key. Never fails.</summary>
    private async Task<ConfigResult[]> ReadAsync(IConfigReader reader, AnswerCheck? answers, WatchSpace space, IReadOnlyList<KeyEntry> entries, AcmCallOptions? call)
    {
        try
        {
            ConfigResult[] results = await reader.GetManyAsync(space.Name, [.. entries.Select(entry => entry.Key)], KeysAtOnce, call, _hub.Ending).ConfigureAwait(false);
            if (answers is not null) await answers.ConfirmAsync(space.Name, results, Held(entries), _hub.Ending).ConfigureAwait(false);
            await _cipher.OpenAsync(results, call, _hub.Ending).ConfigureAwait(false);
            return results;
        }
#pragma warning disable CA1031 // An unexpected exception must not end the watching of these keys: it becomes their last error, and they are read again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return [.. entries.Select(entry => new ConfigResult(entry.Key, e as AcmException ?? new AcmException(AcmErrorKind.InvalidResponse, e.Message, e)))];
        }
    }

    private HeldAnswer?[] Held(IReadOnlyList<KeyEntry> entries)
    {
        lock (_hub.Gate) return [.. entries.Select(entry => entry.Held)];
    }

    /// <returns>The keys that could not be read and are retried.</returns>
    private FailedRead[] Take(WatchSpace space, KeyReading reading, IReadOnlyList<KeyEntry> entries, ConfigResult[] results)
    {
        var problems = new List<(KeyEntry Entry, WatchFailure Problem, bool IsFirstLook)>();
        var unsettled = new List<KeyEntry>();
        int failures = 0;
        lock (_hub.Gate)
        {
            for (int i = 0; i < results.Length; i++)
            {
                KeyEntry entry = entries[i];
                if (entry.Reading != reading) continue;

                if (!IsSettled(entry, results[i]))
                {
                    entry.Batch?.Remove(entry);
                    Settle(entry, KeyPlace.Waiting);
                    unsettled.Add(entry);
                    continue;
                }

                if (Problem(space, reading, entry, results[i]) is not { } problem) continue;

                problems.Add((entry, problem, !entry.WasLookedAt && problem.Kind is not null));
                failures = Math.Max(failures, Wait(entry, problem));
            }

            if (unsettled.Count > 0 && !_hub.Ending.IsCancellationRequested) ReadAgainAfter(FileSettles, space, unsettled);
            if (problems.Count == 0) return [];

            TimeSpan pause = BackOff.After(failures, _hub.Random());
            FailedRead[] failed = [.. problems.Select(problem => new FailedRead(problem.Entry, problem.Problem, problem.Entry.Trouble!.Failures, pause, problem.IsFirstLook))];
            if (!_hub.Ending.IsCancellationRequested) ReadAgainAfter(pause, space, [.. failed.Select(read => read.Entry)]);
            return failed;
        }
    }

    /// <summary>Returns whether a value may be reported. After the first read, a value from or instead of a failover file must be seen twice.</summary>
    private static bool IsSettled(KeyEntry entry, ConfigResult result)
    {
        bool isOfFile = result.Config?.Source == ConfigSource.Failover || entry.Value?.Source == ConfigSource.Failover;
        bool isAnswer = result is { Config: not null } or { Error: { Kind: AcmErrorKind.ConfigNotFound, IsFinal: true } };
        bool isKnown = result.Config is { } config && entry.Value is { } value && config.Source == value.Source && config.Md5 == value.Md5;
        if (!entry.WasLookedAt || !isOfFile || !isAnswer || isKnown)
        {
            entry.Trouble?.ForgetFile();
            return true;
        }

        return (entry.Trouble ??= new KeyTrouble()).IsSeenAgain((result.Config?.Source, result.Config?.Md5));
    }

    /// <summary>Processes the result for one key.</summary>
    /// <returns>The failure if the key must be read again; otherwise null.</returns>
    private WatchFailure? Problem(WatchSpace space, KeyReading reading, KeyEntry entry, ConfigResult result)
    {
        switch (result)
        {
            case { Config: { Source: ConfigSource.Failover } failover }:
                entry.Batch?.Remove(entry);
                Settle(entry, KeyPlace.Failover);
                entry.ServerMd5 = null;
                entry.NeedsCheck = true;
                entry.Take(new WatchedValue(failover), isKnown: true);
                return null;

            case { Config: { } config }:
                return TakeAnswer(space, reading, entry, config.Md5, new WatchedValue(config));

            case { Error: { Kind: AcmErrorKind.ConfigNotFound, IsFinal: true } }:
                return TakeAnswer(space, reading, entry, md5: null, value: null);

            default:
                return new WatchFailure(_hub.Clock.GetUtcNow(), result.Error!.Message, result.Error.Kind) { MayStandIn = SnapshotReader.CanFallBackFor(result.Error) };
        }
    }

    private WatchFailure? TakeAnswer(WatchSpace space, KeyReading reading, KeyEntry entry, string? md5, WatchedValue? value)
    {
        bool isFalseReport = reading is { WasReported: true, IsOfMetadata: false } && !entry.NeedsCheck && string.Equals(entry.ServerMd5, md5, StringComparison.Ordinal);
        if (isFalseReport && (entry.Trouble ??= new KeyTrouble()).IsFalseReportTooMany(_hub.Clock.GetUtcNow()))
        {
            return new WatchFailure(_hub.Clock.GetUtcNow(), "a server reported a change, but the value is the same.");
        }

        if (entry.Trouble is { Failures: > 0 } trouble)
        {
            trouble.Failures = 0;
            space.NoteRecovery();
        }

        bool isChange = entry is { IsKnown: true, Value: null or { Source: ConfigSource.Server } } && !string.Equals(entry.ServerMd5, md5, StringComparison.Ordinal);
        TimeSpan pause = isChange ? (entry.Trouble ??= new KeyTrouble()).NoteChange(_hub.Retries.Now, entry.ServerMd5, entry.Value?.LastModified) : TimeSpan.Zero;
        entry.ServerMd5 = md5;
        entry.NeedsCheck = false;
        if (pause > TimeSpan.Zero && !_hub.Ending.IsCancellationRequested)
        {
            entry.Batch?.Remove(entry);
            Settle(entry, KeyPlace.Waiting);
            ReadAgainAfter(pause, space, [entry]);
        }
        else
        {
            Settle(entry, KeyPlace.Batch);
            if (entry.Batch is { } batch) batch.Update(entry);
            else space.Join(entry);
        }

        entry.Take(value, isKnown: true);
        _hub.Snapshots.Add(space, entry);
        return null;
    }

    private static void TakeSnapshot(KeyEntry entry, AcmConfig snapshot)
    {
        if (entry.IsKnown || entry.Value is not null || entry.Place == KeyPlace.Gone) return;

        entry.ServerMd5 = snapshot.Md5;
        entry.Batch?.Update(entry);
        entry.Take(new WatchedValue(snapshot), isKnown: false);
    }

    private static int Wait(KeyEntry entry, WatchFailure problem)
    {
        entry.Batch?.Remove(entry);
        Settle(entry, KeyPlace.Waiting);
        entry.Trouble ??= new KeyTrouble();
        entry.Trouble.Last = problem;
        return ++entry.Trouble.Failures;
    }

    private static void Settle(KeyEntry entry, KeyPlace place)
    {
        entry.Reading = null;
        entry.Place = place;
    }

    private void ReadAgainAfter(TimeSpan pause, WatchSpace space, List<KeyEntry> failed)
    {
        TimeSpan at = _hub.Retries.Now + pause;
        foreach (KeyEntry entry in failed) entry.Trouble!.RetryAt = at;
        _hub.Retries.Add(at, () => ReadAgain(space, failed, at));
    }

    private void ReadAgain(WatchSpace space, List<KeyEntry> failed, TimeSpan at)
    {
        KeyReading reading;
        lock (_hub.Gate)
        {
            List<KeyEntry> due = failed.FindAll(entry => entry.Place == KeyPlace.Waiting && entry.Trouble!.RetryAt == at);
            if (due.Count == 0) return;
            reading = Begin(due, wasReported: false);
        }

        _ = RunAsync(space, reading);
    }

    /// <summary>A key that could not be read.</summary>
    /// <param name="Entry">The key.</param>
    /// <param name="Problem">The failure.</param>
    /// <param name="Failures">Number of consecutive failures.</param>
    /// <param name="Pause">Delay before the retry.</param>
    /// <param name="IsFirstLook">Whether it was the first read, so that a snapshot may be used.</param>
    private readonly record struct FailedRead(KeyEntry Entry, WatchFailure Problem, int Failures, TimeSpan Pause, bool IsFirstLook);
}

/// <summary>One read of the values of some keys.</summary>
/// <param name="entries">The keys.</param>
/// <param name="wasReported">Whether a server reported that their values changed.</param>
/// <param name="isOfMetadata">Whether it reported only changed metadata.</param>
internal sealed class KeyReading(IReadOnlyList<KeyEntry> entries, bool wasReported, bool isOfMetadata)
{
    public IReadOnlyList<KeyEntry> Entries { get; } = entries;

    public bool WasReported { get; } = wasReported;

    public bool IsOfMetadata { get; } = isOfMetadata;
}
