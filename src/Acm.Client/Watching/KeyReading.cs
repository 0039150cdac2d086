namespace Acm.Client.Watching;

/// <summary>One reading of the values of some keys.</summary>
/// <param name="entries">The keys.</param>
/// <param name="wasReported">Whether a server said that their values changed.</param>
internal sealed class KeyReading(IReadOnlyList<KeyEntry> entries, bool wasReported)
{
    public IReadOnlyList<KeyEntry> Entries { get; } = entries;

    public bool WasReported { get; } = wasReported;
}
