namespace Acm.Client.Transfer;

/// <summary>The outcome of an item of a plan.</summary>
public enum TransferOutcome
{
    /// <summary>No change is needed.</summary>
    NothingToDo,

    /// <summary>Not done yet: the plan was not applied, not completely, or without this item.</summary>
    Pending,

    /// <summary>Published or removed.</summary>
    Done,

    /// <summary>It could not be compared, published or removed; the item's error says why.</summary>
    Failed,

    /// <summary>The run was cancelled during its request: whether the server executed it is unknown.</summary>
    InDoubt,
}
