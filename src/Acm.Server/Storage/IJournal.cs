namespace Acm.Server.Storage;

/// <summary>Stores changes. One thread writes; any thread may read contents and history.</summary>
internal interface IJournal : IDisposable
{
    /// <summary>Gets whether an evicted content can be read again.</summary>
    bool KeepsContents { get; }

    /// <summary>Gets the highest revision.</summary>
    long LastRevision { get; }

    /// <summary>Returns all current values, formal and gray, without contents.</summary>
    /// <exception cref="StorageException">The values cannot be read; the data file is not changed.</exception>
    IReadOnlyList<(ConfigKey Key, ConfigEntry Entry)> ReadCurrent();

    /// <summary>Returns the content of a change.</summary>
    /// <exception cref="StorageException">The data file cannot be read.</exception>
    byte[] ReadContent(long revision);

    /// <summary>Commits all changes or none; on return they are durable.</summary>
    /// <exception cref="StorageException">Nothing was stored, for example because the disk is full.</exception>
    void Commit(IReadOnlyList<AcceptedChange> changes);

    /// <summary>Returns a page of a key's history, newest first; <paramref name="formalOnly"/> omits changes of gray versions.</summary>
    /// <exception cref="StorageException">The data file cannot be read.</exception>
    HistoryPage History(ConfigKey key, long skip, int take, bool formalOnly);

    /// <summary>Returns a change; null if it does not exist.</summary>
    /// <exception cref="StorageException">The data file cannot be read.</exception>
    HistoryItem? FindChange(long revision);

    /// <summary>Removes old and surplus changes, but no current values.</summary>
    /// <param name="before">Changes before this time are removed.</param>
    /// <param name="maxRevisions">The number of changes to keep for each version.</param>
    /// <returns>True if there may be more changes to remove.</returns>
    /// <exception cref="StorageException">Nothing was removed.</exception>
    bool Prune(DateTimeOffset before, int maxRevisions);

    /// <summary>Returns all namespaces.</summary>
    /// <exception cref="StorageException">The data file cannot be read.</exception>
    IReadOnlyList<NamespaceEntry> ReadNamespaces();

    /// <summary>Adds or changes a namespace.</summary>
    /// <exception cref="StorageException">Nothing was stored.</exception>
    void SetNamespace(NamespaceEntry entry);

    /// <summary>Removes a namespace.</summary>
    /// <exception cref="StorageException">Nothing was removed.</exception>
    void RemoveNamespace(string id);

    /// <summary>Returns persistent random bytes, such as the key for login tokens; creates them on first use.</summary>
    /// <exception cref="StorageException">The bytes cannot be read or created.</exception>
    byte[] Secret(string name, int length);
}
