namespace Acm.Client.History;

/// <summary>Where the state after a change is found.</summary>
internal enum StateSource
{
    /// <summary>Nowhere, because the change removed the configuration.</summary>
    Nothing,

    /// <summary>In the row of the change itself.</summary>
    Row,

    /// <summary>In the row of the next change, which contains the state before it.</summary>
    NextRow,

    /// <summary>In the value that is stored now.</summary>
    Current,

    /// <summary>Unknown, because rows are missing.</summary>
    Unknown,
}
