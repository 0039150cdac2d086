namespace Acm.Server.Storage;

/// <summary>Where changes are kept. One thread writes, any thread reads contents.</summary>
internal interface IJournal : IDisposable
{
    /// <summary>True where a content that was let go can be read again.</summary>
    bool KeepsContents { get; }

    /// <summary>The highest number a change has so far.</summary>
    long LastRevision { get; }

    /// <summary>All current values, without contents.</summary>
    IEnumerable<(ConfigKey Key, ConfigEntry Entry)> ReadCurrent();

    /// <summary>The content of one change.</summary>
    byte[] ReadContent(long revision);

    /// <summary>Keeps all of them or none; on return they survive a crash.</summary>
    void Commit(IReadOnlyList<AcceptedChange> changes);
}
