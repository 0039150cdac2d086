namespace Acm.Server.Storage;

/// <summary>Keeps nothing: for a server whose values live as long as its process.</summary>
internal sealed class MemoryJournal : IJournal
{
    public bool KeepsContents => false;

    public long LastRevision => 0;

    public IReadOnlyList<(ConfigKey Key, ConfigEntry Entry)> ReadCurrent() => [];

    public byte[] ReadContent(long revision) => throw new InvalidOperationException("Contents in memory are never let go.");

    public void Commit(IReadOnlyList<AcceptedChange> changes)
    {
    }

    public void Dispose()
    {
    }
}
