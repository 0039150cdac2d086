using Acm.Server.Polling;

namespace Acm.Server.Storage;

/// <summary>The store as used by the dialects: reads, writes, searches, history and polls.</summary>
internal sealed class ConfigStore(ConfigIndex index, WriteQueue queue, IJournal journal, NamespaceRegistry namespaces, PendingPolls polls)
{
    public ConfigIndex Index => index;

    public NamespaceRegistry Namespaces => namespaces;

    public PendingPolls Polls => polls;

    /// <summary>Submits a change and waits for its commit.</summary>
    /// <exception cref="StorageException">The change could not be stored; the reason is logged.</exception>
    public Task<ChangeOutcome> SubmitAsync(Change change, CancellationToken cancellationToken) => queue.SubmitAsync(change, cancellationToken);

    /// <summary>Returns the text of a version, with replacement characters for invalid bytes.</summary>
    public string Text(ConfigEntry entry) => Charsets.DecodeLeniently(index.Content(entry), entry.Charset);

    /// <summary>Returns the text of a version if it contains a literal, without affecting the cache.</summary>
    /// <param name="entry">The version.</param>
    /// <param name="literal">The literal in UTF-8; most texts without it are not decoded.</param>
    /// <returns>The text; null if it does not contain the literal. GBK texts are always returned.</returns>
    public string? TextWith(ConfigEntry entry, ReadOnlySpan<byte> literal)
    {
        byte[] content = index.Peek(entry);
        return entry.Charset != Charsets.Gbk && content.AsSpan().IndexOf(literal) < 0 ? null : Charsets.DecodeLeniently(content, entry.Charset);
    }

    /// <summary>Returns the text of a change.</summary>
    /// <exception cref="StorageException">The data file cannot be read.</exception>
    public string Text(HistoryItem item) => item.ContentRevision == 0 ? "" : Charsets.DecodeLeniently(journal.ReadContent(item.ContentRevision), item.Charset);

    /// <exception cref="StorageException">The data file cannot be read.</exception>
    public HistoryPage History(ConfigKey key, long skip, int take, bool formalOnly = false) => journal.History(key, skip, take, formalOnly);

    /// <exception cref="StorageException">The data file cannot be read.</exception>
    public HistoryItem? FindChange(long revision) => journal.FindChange(revision);

    public SearchPage Search(ConfigQuery query) => query.Run(this);
}
