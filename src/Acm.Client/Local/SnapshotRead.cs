namespace Acm.Client.Local;

/// <summary>What a snapshot folder answers when it is asked for a configuration.</summary>
internal sealed class SnapshotRead
{
    /// <summary>The folder knows nothing of the configuration.</summary>
    public static readonly SnapshotRead None = new(SnapshotState.None);

    private SnapshotRead(SnapshotState state) => State = state;

    /// <summary>Which of the other members counts.</summary>
    public SnapshotState State { get; }

    /// <summary>The value; null unless it was found.</summary>
    public StoredConfig? Config { get; private init; }

    /// <summary>When a server said that the configuration is gone; null unless it is.</summary>
    public DateTimeOffset? Since { get; private init; }

    /// <summary>Why the snapshot is not used, with its path; null unless it is damaged.</summary>
    public string? Reason { get; private init; }

    public static SnapshotRead Found(StoredConfig config) => new(SnapshotState.Found) { Config = config };

    public static SnapshotRead Absent(DateTimeOffset since) => new(SnapshotState.Absent) { Since = since };

    public static SnapshotRead Damaged(string reason) => new(SnapshotState.Damaged) { Reason = reason };
}
