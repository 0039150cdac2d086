namespace Acm.Client.Transfer;

/// <summary>What an export did.</summary>
public sealed class ExportSummary
{
    /// <summary>The folder or zip.</summary>
    public required string Path { get; init; }

    /// <summary>The namespace that was exported; empty for the blank one.</summary>
    public required string Namespace { get; init; }

    /// <summary>Files that were written.</summary>
    public required int Exported { get; init; }

    /// <summary>Files that held the value already and were left alone.</summary>
    public required int Unchanged { get; init; }

    /// <summary>Files that were deleted because the server does not have them.</summary>
    public required int Deleted { get; init; }

    /// <summary>Configurations that could not be read or written; each was told as an error.</summary>
    public required int Failed { get; init; }

    /// <summary>Size of all that is in the target now from this export, unchanged files included, in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>Whether the servers' values were exported, or snapshots because no server could be reached.</summary>
    public ConfigSource Source { get; init; }

    /// <summary>Whether all that was to be exported is in the target. What was exported from snapshots never is: nobody knows what has none.</summary>
    public bool IsComplete => Failed == 0 && Source == ConfigSource.Server;

    /// <summary>How long it took.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The target and the numbers, in a line.</summary>
    public override string ToString() => $"{Path}: {Exported} exported, {Unchanged} unchanged, {Deleted} deleted, {Failed} failed";
}
