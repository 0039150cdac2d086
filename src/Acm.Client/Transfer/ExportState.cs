namespace Acm.Client.Transfer;

/// <summary>What an export did with a file.</summary>
public enum ExportState
{
    /// <summary>It was written.</summary>
    Exported,

    /// <summary>It had the same content and was not changed.</summary>
    Unchanged,

    /// <summary>It was deleted, because the server does not have the configuration.</summary>
    Deleted,
}
