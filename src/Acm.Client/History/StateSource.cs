namespace Acm.Client.History;

/// <summary>Where the state after a change is to be found.</summary>
internal enum StateSource
{
    /// <summary>Nowhere: the change removed the configuration.</summary>
    Nothing,

    /// <summary>In the row of the change itself.</summary>
    Row,

    /// <summary>In the row of the next change, which holds what there was before it.</summary>
    NextRow,

    /// <summary>In what is stored now.</summary>
    Current,

    /// <summary>Not known: rows are missing.</summary>
    Unknown,
}
