namespace Acm.Client.Watching;

/// <summary>One read of the values of some keys.</summary>
/// <param name="entries">The keys.</param>
/// <param name="wasReported">Whether a server reported that their values changed.</param>
/// <param name="isOfMetadata">Whether it reported only changed metadata.</param>
internal sealed class KeyReading(IReadOnlyList<KeyEntry> entries, bool wasReported, bool isOfMetadata)
{
    public IReadOnlyList<KeyEntry> Entries { get; } = entries;

    public bool WasReported { get; } = wasReported;

    public bool IsOfMetadata { get; } = isOfMetadata;
}
