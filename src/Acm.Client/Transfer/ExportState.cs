namespace Acm.Client.Transfer;

/// <summary>What an export did with a file.</summary>
public enum ExportState
{
    /// <summary>It was written.</summary>
    Exported,

    /// <summary>It held the value already, and was left alone.</summary>
    Unchanged,

    /// <summary>It was deleted: the server does not have the configuration.</summary>
    Deleted,
}
