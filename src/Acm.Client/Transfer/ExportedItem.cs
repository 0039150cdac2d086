namespace Acm.Client.Transfer;

/// <summary>A file of an export.</summary>
public sealed class ExportedItem
{
    /// <summary>Gets the data ID.</summary>
    public required string DataId { get; init; }

    /// <summary>Gets the group.</summary>
    public required string Group { get; init; }

    /// <summary>Gets what the export did with the file.</summary>
    public required ExportState State { get; init; }

    /// <summary>Gets the path of the file, or the name of the zip entry.</summary>
    public required string Path { get; init; }

    /// <summary>Gets the size of the file in bytes; 0 for a deleted file.</summary>
    public required int Size { get; init; }

    /// <summary>Returns <c>group/dataId</c>.</summary>
    public override string ToString() => Group + "/" + DataId;
}
