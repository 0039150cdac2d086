namespace Acm.Client.Transfer;

/// <summary>One file of an export.</summary>
public sealed class ExportedItem
{
    /// <summary>The data id.</summary>
    public required string DataId { get; init; }

    /// <summary>The group.</summary>
    public required string Group { get; init; }

    /// <summary>What was done.</summary>
    public required ExportState State { get; init; }

    /// <summary>The file; of a zip, the entry's name in it.</summary>
    public required string Path { get; init; }

    /// <summary>Size of the file, in bytes; 0 for one that was deleted.</summary>
    public required int Size { get; init; }

    /// <summary>The key as people write it: <c>group/dataId</c>.</summary>
    public override string ToString() => Group + "/" + DataId;
}
