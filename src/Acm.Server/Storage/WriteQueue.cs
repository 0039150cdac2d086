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

    /// <exception cref="IOException">The change could not be stored; nothing of it is.</exception>
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

            Write(batch);
        }
    }

    private void Write(List<Change> batch)
    {
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

        try
        {
            if (accepted.Count > 0) _journal.Commit(accepted);
        }
        catch (IOException e)
        {
            _failing = true;
            _log.LogError("{Count} changes were not stored. {Reason}", accepted.Count, e.Message);

            // The whole batch, for a refusal too may rest on a change that is not there now.
            foreach (Change change in batch) change.TrySetException(e);
            return;
        }

        if (accepted.Count > 0) _failing = false;
        _revision = revision;
        foreach (AcceptedChange done in accepted) _index.Set(done.Change.Key, Entry(done), done.Change.Content);
        for (int i = 0; i < batch.Count; i++) batch[i].SetResult(outcomes[i]);
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
