using System.Threading.Channels;

namespace Acm.Server.Storage;

/// <summary>
/// The only writer. Changes that arrive during a commit are combined in the next one. Conditions are checked on the writer's thread,
/// so that check and change are atomic, and a change is acknowledged only after its commit.
/// </summary>
internal sealed class WriteQueue : IDisposable
{
    private const int Capacity = 10_000;
    private const int MaxChangesPerCommit = 1_000;
    private const long MaxBytesPerCommit = 16 * 1024 * 1024;

    // Large, so that IDs cannot be mistaken for revisions or guessed by counting.
    private const long FirstId = 1_800_000_000_000_000_000;

    private readonly Channel<Change> _queue = Channel.CreateBounded<Change>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly ConfigIndex _index;
    private readonly IJournal _journal;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly Action<long>? _wrote;
    private readonly Thread _writer;
    private long _revision;
    private volatile bool _failing;
    private bool _isIndexStale;

    /// <param name="index">The index to update.</param>
    /// <param name="journal">The journal to write.</param>
    /// <param name="clock">The clock for the times of changes.</param>
    /// <param name="log">The log for failures.</param>
    /// <param name="wrote">Called with the number of bytes after each commit.</param>
    public WriteQueue(ConfigIndex index, IJournal journal, TimeProvider clock, ILogger log, Action<long>? wrote = null)
    {
        _wrote = wrote;
        _index = index;
        _journal = journal;
        _clock = clock;
        _log = log;
        _revision = journal.LastRevision;
        _writer = new Thread(WriteAll) { IsBackground = true, Name = "Acm writer" };
        _writer.Start();
    }

    /// <summary>Gets whether the last commit failed.</summary>
    public bool IsFailing => _failing;

    /// <summary>Submits a change and waits for its commit.</summary>
    /// <exception cref="StorageException">The change could not be stored; the reason is logged.</exception>
    public async Task<ChangeOutcome> SubmitAsync(Change change, CancellationToken cancellationToken)
    {
        await _queue.Writer.WriteAsync(change, cancellationToken).ConfigureAwait(false);

        // Not cancelable, because the change may already be committed.
        return await change.Task.ConfigureAwait(false);
    }

    /// <summary>Writes the queued changes, and ends the thread.</summary>
    public void Dispose()
    {
        _queue.Writer.TryComplete();
        _writer.Join();
    }

    private void WriteAll()
    {
        var batch = new List<Change>();
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            batch.Clear();
            long bytes = 0;
            while (batch.Count < MaxChangesPerCommit && bytes < MaxBytesPerCommit && _queue.Reader.TryRead(out Change? change))
            {
                batch.Add(change);
                bytes += change.Content?.Length ?? 0;
            }

            try
            {
                Write(batch);
                _wrote?.Invoke(bytes);
            }
            catch (StorageException e)
            {
                Fail(batch, e);
                _log.LogError("{Count} changes were not stored. {Reason}", batch.Count, e.Message);
            }
            catch (Exception e)
            {
                // An unhandled exception would end the thread, and all callers would wait forever.
                Fail(batch, new StorageException("The change failed with an unexpected error. See the server's log.", e));
                _log.LogError(e, "{Count} changes failed.", batch.Count);
            }
        }
    }

    // The whole batch, because a conflict may also be caused by a change that was not stored.
    private void Fail(List<Change> batch, StorageException error)
    {
        _failing = true;
        foreach (Change change in batch) change.TrySetException(error);
    }

    private void Write(List<Change> batch)
    {
        // Conditions would be checked against outdated values.
        if (_isIndexStale) throw new StorageException("The server accepts no changes after an earlier failure. Restart the server.");

        var accepted = new List<AcceptedChange>(batch.Count);
        var outcomes = new ChangeOutcome[batch.Count];
        var inBatch = new Dictionary<(ConfigKey Key, string Gray), ConfigEntry?>();
        DateTimeOffset now = _clock.GetUtcNow();
        long revision = _revision;
        for (int i = 0; i < batch.Count; i++)
        {
            Change change = batch[i];
            if (!inBatch.TryGetValue((change.Key, change.Gray), out ConfigEntry? current)) current = _index.FindSlot(change.Key)?.Find(change.Gray);

            outcomes[i] = Check(change, current, inBatch);
            if (outcomes[i] != ChangeOutcome.Done) continue;

            // Removing an absent version succeeds without a history entry.
            if (change.Content is null && current is null) continue;

            revision++;
            ConfigEntry? entry = Entry(change, current, revision, now);
            inBatch[(change.Key, change.Gray)] = entry;
            accepted.Add(new AcceptedChange(change, revision, now, entry, current));
        }

        if (accepted.Count > 0) _journal.Commit(accepted);

        _isIndexStale = true;
        _revision = revision;
        foreach (AcceptedChange done in accepted) _index.Set(done.Change.Key, done.Change.Gray, done.Entry, done.Change.Content);
        _isIndexStale = false;
        if (accepted.Count > 0) _failing = false;
        for (int i = 0; i < batch.Count; i++) batch[i].TrySetResult(outcomes[i]);
    }

    private static ConfigEntry? Entry(Change change, ConfigEntry? current, long revision, DateTimeOffset now)
    {
        if (change.Content is null) return null;

        ConfigMetadata old = current?.Metadata ?? ConfigMetadata.None;
        return new ConfigEntry
        {
            Revision = revision,
            Id = current?.Id ?? FirstId + revision,
            Md5 = change.Md5,
            Length = change.Content.Length,
            ModifiedAt = now,
            Charset = change.Charset,
            Metadata = (change.Metadata?.Invoke(old) ?? old).Shared(),
            ModifiedBy = change.User ?? change.AccessKey,
            ModifiedFrom = change.ClientAddress,
            Rule = change.Rule,
        };
    }

    private ChangeOutcome Check(Change change, ConfigEntry? current, Dictionary<(ConfigKey Key, string Gray), ConfigEntry?> inBatch)
    {
        if (change.CreateOnly && current is not null) return ChangeOutcome.Conflict;
        if (change.ExpectedMd5 is { } expected && !(current is null && change.ExpectationAllowsAbsence))
        {
            // The caller computed the MD5 in the charset of its reads.
            string md5 = current is null ? "" : _index.Md5(current, change.ExpectedCharset?.Invoke(current) ?? current.Charset);
            if (md5 != expected) return ChangeOutcome.Conflict;
        }

        bool isGray = change.Gray.Length > 0;
        if (isGray && change.Content is null && current is null) return ChangeOutcome.Absent;
        if (!isGray || change.Content is null || current is not null || change.MaxGrays == int.MaxValue) return ChangeOutcome.Done;

        int grays = _index.FindSlot(change.Key)?.Grays.Length ?? 0;
        foreach (((ConfigKey key, string gray), ConfigEntry? entry) in inBatch)
        {
            if (key == change.Key && gray.Length > 0) grays += (entry is null ? 0 : 1) - (_index.FindSlot(key)?.Find(gray) is null ? 0 : 1);
        }

        return grays >= change.MaxGrays ? ChangeOutcome.TooManyGrays : ChangeOutcome.Done;
    }
}
