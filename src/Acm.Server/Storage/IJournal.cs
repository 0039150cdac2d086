namespace Acm.Server.Storage;

/// <summary>Where changes are kept. One thread writes, any thread reads contents and history.</summary>
internal interface IJournal : IDisposable
{
    /// <summary>True where a content that was let go can be read again.</summary>
    bool KeepsContents { get; }

    /// <summary>The highest number a change has so far.</summary>
    long LastRevision { get; }

    /// <summary>All current values, formal and gray, without contents.</summary>
    /// <exception cref="StorageException">They cannot be read; what holds them is left as it is.</exception>
    IReadOnlyList<(ConfigKey Key, ConfigEntry Entry)> ReadCurrent();

    /// <summary>The content of one change.</summary>
    /// <exception cref="StorageException">It cannot be read.</exception>
    byte[] ReadContent(long revision);

    /// <summary>Keeps all of them or none; on return they survive a crash.</summary>
    /// <exception cref="StorageException">None is kept: the disk is full, or the like.</exception>
    void Commit(IReadOnlyList<AcceptedChange> changes);

    /// <summary>The history of a key, newest first; with <paramref name="formalOnly"/> without the changes of gray versions.</summary>
    /// <exception cref="StorageException">It cannot be read.</exception>
    HistoryPage History(ConfigKey key, long skip, int take, bool formalOnly);

    /// <summary>One change, whatever its key; null where there is none.</summary>
    /// <exception cref="StorageException">It cannot be read.</exception>
    HistoryItem? FindChange(long revision);

    /// <summary>Takes away what is older than the limit and what a key has more than so many of. Current values stay.</summary>
    /// <returns>True where there may be more to take away.</returns>
    /// <exception cref="StorageException">Nothing was taken away.</exception>
    bool Prune(DateTimeOffset before, int maxRevisions);

    /// <exception cref="StorageException">They cannot be read.</exception>
    IReadOnlyList<NamespaceEntry> ReadNamespaces();

    /// <exception cref="StorageException">Nothing is kept.</exception>
    void SetNamespace(NamespaceEntry entry);

    /// <exception cref="StorageException">Nothing is kept.</exception>
    void RemoveNamespace(string id);

    /// <summary>Random bytes that are made once and stay: what signs login tokens, so that they outlive a restart.</summary>
    /// <exception cref="StorageException">They cannot be read or made.</exception>
    byte[] Secret(string name, int length);
}
