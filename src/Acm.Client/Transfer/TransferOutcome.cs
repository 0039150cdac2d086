namespace Acm.Client.Transfer;

/// <summary>What has become of an item of a plan.</summary>
public enum TransferOutcome
{
    /// <summary>There is nothing to do for it.</summary>
    NothingToDo,

    /// <summary>It is still to be done: the plan was not carried out, or not to its end, or without this item.</summary>
    Pending,

    /// <summary>It was published or removed.</summary>
    Done,

    /// <summary>It could not be compared, published or removed; the item's error says why.</summary>
    Failed,

    /// <summary>It was on its way when the run was cancelled: whether the server carried it out is not known.</summary>
    InDoubt,
}
