namespace Acm.Client.Local;

/// <summary>The result of reading a snapshot.</summary>
internal sealed class SnapshotRead
{
    /// <summary>The result without a snapshot.</summary>
    public static readonly SnapshotRead None = new(SnapshotState.None);

    private SnapshotRead(SnapshotState state) => State = state;

    /// <summary>Gets the state, which determines the other members.</summary>
    public SnapshotState State { get; }

    /// <summary>Gets the value; null if there is none.</summary>
    public StoredConfig? Config { get; private init; }

    /// <summary>Gets when a server reported that the configuration does not exist; null if it did not.</summary>
    public DateTimeOffset? Since { get; private init; }

    /// <summary>Gets why the snapshot is not used, with its path; null if it is not damaged.</summary>
    public string? Reason { get; private init; }

    public static SnapshotRead Found(StoredConfig config) => new(SnapshotState.Found) { Config = config };

    public static SnapshotRead Absent(DateTimeOffset since) => new(SnapshotState.Absent) { Since = since };

    public static SnapshotRead Damaged(string reason) => new(SnapshotState.Damaged) { Reason = reason };
}
