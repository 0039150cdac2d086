using System.Threading.Channels;

namespace Acm.Server.Storage;

/// <summary>
/// The one writer. Changes that arrive while a commit waits for the disk share the next one; each is checked against its
/// conditions here, where nothing can come between check and change, and is acknowledged only after the commit.
/// </summary>
internal sealed class WriteQueue : IDisposable
{
    private const int Capacity = 10_000;
    private const int MaxChangesPerCommit = 1_000;
    private const long MaxBytesPerCommit = 16 * 1024 * 1024;

    // Far from small numbers, which people and scripts guess.
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
    private bool _isBehindTheJournal;

    /// <param name="index">Shows what is stored.</param>
    /// <param name="journal">Stores it.</param>
    /// <param name="clock">Tells when.</param>
    /// <param name="log">Where failures are told.</param>
    /// <param name="wrote">Is told how many bytes each commit wrote.</param>
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

    /// <summary>True from a commit that failed until one that succeeds.</summary>
    public bool IsFailing => _failing;

    /// <exception cref="StorageException">The change could not be stored. The reason is on the log already.</exception>
    public async Task<ChangeOutcome> SubmitAsync(Change change, CancellationToken cancellationToken)
    {
        await _queue.Writer.WriteAsync(change, cancellationToken).ConfigureAwait(false);

        // Not cancellable: the change is under way and its outcome is a fact.
        return await change.Task.ConfigureAwait(false);
    }

    /// <summary>Ends after what is queued is written.</summary>
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
                // The edge of the thread: without it no caller would ever be answered again.
                Fail(batch, new StorageException("The change failed for an unexpected reason, which is in the server's log.", e));
                _log.LogError(e, "{Count} changes failed.", batch.Count);
            }
        }
    }

    // The whole batch, for a refusal too may rest on a change that is not there now.
    private void Fail(List<Change> batch, StorageException error)
    {
        _failing = true;
        foreach (Change change in batch) change.TrySetException(error);
    }

    private void Write(List<Change> batch)
    {
        // Its conditions would be checked against old values.
        if (_isBehindTheJournal) throw new StorageException("The server accepts no changes after an earlier failure. Restart the server.");

        var accepted = new List<AcceptedChange>(batch.Count);
        var outcomes = new ChangeOutcome[batch.Count];
        var inBatch = new Dictionary<(ConfigKey Key, string Gray), ConfigEntry?>();
        DateTimeOffset now = _clock.GetUtcNow();
        long revision = _revision;
        for (int i = 0; i < batch.Count; i++)
        {
            Change change = batch[i];
            if (!inBatch.TryGetValue((change.Key, change.Gray), out ConfigEntry? current)) current = _index.FindSlot(change.Key)?.Find(change.Gray);

            outcomes[i] = Judge(change, current, inBatch);
            if (outcomes[i] != ChangeOutcome.Done) continue;

            // Removing what is not there is a success that leaves no trace.
            if (change.Content is null && current is null) continue;

            revision++;
            ConfigEntry? entry = Entry(change, current, revision, now);
            inBatch[(change.Key, change.Gray)] = entry;
            accepted.Add(new AcceptedChange(change, revision, now, entry, current));
        }

        if (accepted.Count > 0) _journal.Commit(accepted);

        _isBehindTheJournal = true;
        _revision = revision;
        foreach (AcceptedChange done in accepted) _index.Set(done.Change.Key, done.Change.Gray, done.Entry, done.Change.Content);
        _isBehindTheJournal = false;
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

    private ChangeOutcome Judge(Change change, ConfigEntry? current, Dictionary<(ConfigKey Key, string Gray), ConfigEntry?> inBatch)
    {
        if (change.CreateOnly && current is not null) return ChangeOutcome.Conflict;
        if (change.ExpectedMd5 is { } expected && !(current is null && change.ExpectationAllowsAbsence))
        {
            // An MD5 is of bytes: the one that the caller saw is of the charset in which it reads.
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
