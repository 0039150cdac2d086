using Acm.Tests.Support;
using Acm.Server.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Acm.Tests.Server;

public sealed class WriteQueueTests
{
    [Theory]
    [InlineData(typeof(StorageException))]
    [InlineData(typeof(InvalidOperationException))]
    public async Task A_commit_that_fails_fails_its_changes_and_the_next_ones_are_stored(Type kind)
    {
        var journal = new FaultyJournal { BeforeCommit = _ => throw (Exception)Activator.CreateInstance(kind, "disk full", null)! };
        var index = new ConfigIndex(journal);
        using var queue = new WriteQueue(index, journal, TimeProvider.System, NullLogger.Instance);

        await Assert.ThrowsAsync<StorageException>(() => PublishAsync(queue, "a"));
        bool failed = queue.IsFailing;
        journal.BeforeCommit = null;
        ChangeOutcome next = await PublishAsync(queue, "b");

        Assert.Equal((true, false), (failed, queue.IsFailing));
        Assert.Equal(ChangeOutcome.Done, next);
        Assert.Equal((null, 1L), (index.Find(Key("a")), index.Find(Key("b"))?.Revision));
    }

    [Fact]
    public async Task Changes_that_are_stored_but_cannot_be_shown_end_all_writing()
    {
        // The journal stores the changes, but the index cannot be updated.
        var journal = new FaultyJournal { BeforeCommit = changes => ((List<AcceptedChange>)changes).Add(default) };
        using var queue = new WriteQueue(new ConfigIndex(journal), journal, TimeProvider.System, NullLogger.Instance);

        await Assert.ThrowsAsync<StorageException>(() => PublishAsync(queue, "a"));
        journal.BeforeCommit = null;
        StorageException next = await Assert.ThrowsAsync<StorageException>(() => PublishAsync(queue, "b"));

        Assert.Contains("Restart the server", next.Message, StringComparison.Ordinal);
        Assert.True(queue.IsFailing);
    }

    private static ConfigKey Key(string dataId) => new("", "G", dataId);

    private static Task<ChangeOutcome> PublishAsync(WriteQueue queue, string dataId) =>
        queue.SubmitAsync(new Change { Key = Key(dataId), Content = [1], Md5 = "55a54008ad1ba589aa210d2629c1df41" }, CancellationToken.None).WaitAsync(Clients.Deadline);

    private sealed class FaultyJournal : IJournal
    {
        public Action<IReadOnlyList<AcceptedChange>>? BeforeCommit { get; set; }

        public bool KeepsContents => false;

        public long LastRevision => 0;

        public IReadOnlyList<(ConfigKey Key, ConfigEntry Entry)> ReadCurrent() => [];

        public byte[] ReadContent(long revision) => throw new InvalidOperationException("Nothing is let go.");

        public void Commit(IReadOnlyList<AcceptedChange> changes) => BeforeCommit?.Invoke(changes);

        public HistoryPage History(ConfigKey key, long skip, int take, bool formalOnly) => HistoryPage.Empty;

        public HistoryItem? FindChange(long revision) => null;

        public bool Prune(DateTimeOffset before, int maxRevisions) => false;

        public IReadOnlyList<NamespaceEntry> ReadNamespaces() => [];

        public void SetNamespace(NamespaceEntry entry)
        {
        }

        public void RemoveNamespace(string id)
        {
        }

        public byte[] Secret(string name, int length) => new byte[length];

        public void Dispose()
        {
        }
    }
}
