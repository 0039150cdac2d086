namespace Acm.Server.Storage;

/// <summary>Where changes are kept. One thread writes, any thread reads contents.</summary>
internal interface IJournal : IDisposable
{
    /// <summary>True where a content that was let go can be read again.</summary>
    bool KeepsContents { get; }

    /// <summary>The highest number a change has so far.</summary>
    long LastRevision { get; }

    /// <summary>All current values, without contents.</summary>
    /// <exception cref="StorageException">They cannot be read; what holds them is left as it is.</exception>
    IReadOnlyList<(ConfigKey Key, ConfigEntry Entry)> ReadCurrent();

    /// <summary>The content of one change.</summary>
    /// <exception cref="StorageException">It cannot be read.</exception>
    byte[] ReadContent(long revision);

    /// <summary>Keeps all of them or none; on return they survive a crash.</summary>
    /// <exception cref="StorageException">None is kept: the disk is full, or the like.</exception>
    void Commit(IReadOnlyList<AcceptedChange> changes);
}
