namespace Acm.Client.Transfer;

/// <summary>The summary of an export.</summary>
public sealed class ExportSummary
{
    /// <summary>Gets the path of the folder or zip.</summary>
    public required string Path { get; init; }

    /// <summary>Gets the exported namespace; empty for the default namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>Gets the number of written files.</summary>
    public required int Exported { get; init; }

    /// <summary>Gets the number of files that were already up to date.</summary>
    public required int Unchanged { get; init; }

    /// <summary>Gets the number of deleted files.</summary>
    public required int Deleted { get; init; }

    /// <summary>Gets the number of configurations that could not be read or written; each was reported as an error.</summary>
    public required int Failed { get; init; }

    /// <summary>Gets the total size of exported and unchanged files in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>Gets whether values from servers were exported, or snapshots because no server was reachable.</summary>
    public ConfigSource Source { get; init; }

    /// <summary>Gets whether everything was exported. False for snapshots, because configurations without one are unknown.</summary>
    public bool IsComplete => Failed == 0 && Source == ConfigSource.Server;

    /// <summary>Gets the duration.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Returns the target and the numbers on one line.</summary>
    public override string ToString() => $"{Path}: {Exported} exported, {Unchanged} unchanged, {Deleted} deleted, {Failed} failed";
}
