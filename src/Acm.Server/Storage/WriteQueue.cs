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

    private readonly Channel<Change> _queue = Channel.CreateBounded<Change>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly ConfigIndex _index;
    private readonly IJournal _journal;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly Thread _writer;
    private long _revision;
    private volatile bool _failing;
    private bool _isBehindTheJournal;

    public WriteQueue(ConfigIndex index, IJournal journal, TimeProvider clock, ILogger log)
    {
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
        if (_isBehindTheJournal) throw new StorageException("After an earlier failure the server takes no changes until it is started again.");

        var accepted = new List<AcceptedChange>(batch.Count);
        var outcomes = new ChangeOutcome[batch.Count];
        var md5InBatch = new Dictionary<ConfigKey, string>();
        DateTimeOffset now = _clock.GetUtcNow();
        long revision = _revision;
        for (int i = 0; i < batch.Count; i++)
        {
            Change change = batch[i];
            if (!md5InBatch.TryGetValue(change.Key, out string? currentMd5)) currentMd5 = _index.Find(change.Key)?.Md5 ?? "";

            bool expected = change.ExpectedMd5 is null || change.ExpectedMd5 == currentMd5;
            bool exists = currentMd5.Length > 0;
            if (!expected || (change.CreateOnly && exists)) outcomes[i] = ChangeOutcome.Conflict;

            // Removing what is not there is a success that leaves no trace.
            if (outcomes[i] == ChangeOutcome.Conflict || (change.Content is null && !exists)) continue;

            md5InBatch[change.Key] = change.Md5;
            accepted.Add(new AcceptedChange(change, ++revision, now));
        }

        if (accepted.Count > 0) _journal.Commit(accepted);

        _isBehindTheJournal = true;
        _revision = revision;
        foreach (AcceptedChange done in accepted) _index.Set(done.Change.Key, Entry(done), done.Change.Content);
        _isBehindTheJournal = false;
        if (accepted.Count > 0) _failing = false;
        for (int i = 0; i < batch.Count; i++) batch[i].TrySetResult(outcomes[i]);
    }

    private static ConfigEntry? Entry(AcceptedChange accepted)
    {
        Change change = accepted.Change;
        if (change.Content is null) return null;

        return new ConfigEntry
        {
            Revision = accepted.Revision,
            Md5 = change.Md5,
            Length = change.Content.Length,
            ModifiedAt = accepted.At,
            Charset = change.Charset,
            AppName = change.AppName,
            EncryptedDataKey = change.EncryptedDataKey,
        };
    }
}
