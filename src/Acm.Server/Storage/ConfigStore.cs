using Acm.Server.Polling;

namespace Acm.Server.Storage;

/// <summary>The one store, as dialects see it: what they read, write, look for, look back at and wait for.</summary>
internal sealed class ConfigStore(ConfigIndex index, WriteQueue queue, IJournal journal, NamespaceRegistry namespaces, PollBoard polls)
{
    public ConfigIndex Index => index;

    public NamespaceRegistry Namespaces => namespaces;

    public PollBoard Polls => polls;

    /// <exception cref="StorageException">The change could not be stored. The reason is on the log already.</exception>
    public Task<ChangeOutcome> SubmitAsync(Change change, CancellationToken cancellationToken) => queue.SubmitAsync(change, cancellationToken);

    /// <summary>The text of a version. Bytes that are no text in their charset are shown as well as they can be.</summary>
    public string Text(ConfigEntry entry) => Charsets.DecodeLeniently(index.Content(entry), entry.Charset);

    /// <summary>The same for one who looks through very many: what others read stays in memory in its place.</summary>
    /// <param name="entry">The version.</param>
    /// <param name="literal">In UTF-8; most texts that have it not need not be decoded.</param>
    /// <returns>Null where the text has the literal nowhere.</returns>
    public string? TextWith(ConfigEntry entry, ReadOnlySpan<byte> literal)
    {
        byte[] content = index.Peek(entry);
        return entry.Charset != Charsets.Gbk && content.AsSpan().IndexOf(literal) < 0 ? null : Charsets.DecodeLeniently(content, entry.Charset);
    }

    /// <summary>The text that a change shows.</summary>
    /// <exception cref="StorageException">It cannot be read.</exception>
    public string Text(HistoryItem item) => item.ContentRevision == 0 ? "" : Charsets.DecodeLeniently(journal.ReadContent(item.ContentRevision), item.Charset);

    /// <exception cref="StorageException">It cannot be read.</exception>
    public HistoryPage History(ConfigKey key, long skip, int take, bool formalOnly = false) => journal.History(key, skip, take, formalOnly);

    /// <exception cref="StorageException">It cannot be read.</exception>
    public HistoryItem? FindChange(long revision) => journal.FindChange(revision);

    public SearchPage Search(ConfigQuery query) => query.Run(this);

    /// <summary>Random bytes that are made once and outlive a restart.</summary>
    /// <exception cref="StorageException">They cannot be read or made.</exception>
    public byte[] Secret(string name, int length) => journal.Secret(name, length);
}
