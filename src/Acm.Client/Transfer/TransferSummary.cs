namespace Acm.Client.Transfer;

/// <summary>The results of a plan at the time of its creation: the outcome of each configuration and their numbers.</summary>
public sealed class TransferSummary
{
    internal TransferSummary(string source, string target, IReadOnlyList<TransferItem> items, TimeSpan duration)
    {
        Source = source;
        Target = target;
        Items = items;
        Duration = duration;
        Added = Count(DifferenceState.Added, TransferOutcome.Done);
        Changed = Count(DifferenceState.Changed, TransferOutcome.Done);
        Removed = Count(DifferenceState.Removed, TransferOutcome.Done);
        Unchanged = Count(DifferenceState.Unchanged, TransferOutcome.NothingToDo);
        Failed = items.Count(item => item.Outcome == TransferOutcome.Failed);
        Pending = items.Count(item => item.Outcome is TransferOutcome.Pending or TransferOutcome.InDoubt);
    }

    /// <summary>Gets the name of the source.</summary>
    public string Source { get; }

    /// <summary>Gets the name of the target.</summary>
    public string Target { get; }

    /// <summary>Gets the number of created configurations.</summary>
    public int Added { get; }

    /// <summary>Gets the number of changed configurations.</summary>
    public int Changed { get; }

    /// <summary>Gets the number of removed configurations.</summary>
    public int Removed { get; }

    /// <summary>Gets the number of configurations that were already equal.</summary>
    public int Unchanged { get; }

    /// <summary>Gets the number of failures; each item has its error.</summary>
    public int Failed { get; }

    /// <summary>Gets the number of items not done yet, including those in doubt.</summary>
    public int Pending { get; }

    /// <summary>Gets whether the target equals the source, as far as planned.</summary>
    public bool IsComplete => Failed == 0 && Pending == 0;

    /// <summary>Gets the duration of the run.</summary>
    public TimeSpan Duration { get; }

    /// <summary>Gets the configurations of the plan with state, outcome and error.</summary>
    public IReadOnlyList<TransferItem> Items { get; }

    private int Count(DifferenceState state, TransferOutcome outcome) => Items.Count(item => item.State == state && item.Outcome == outcome);
}
