namespace Acm.Client.Transfer;

/// <summary>What a plan has come to: what happened to each configuration, and how many of each there are. True at the moment it is made.</summary>
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

    /// <summary>Where the configurations come from.</summary>
    public string Source { get; }

    /// <summary>Where they go.</summary>
    public string Target { get; }

    /// <summary>How many were published that the target did not have.</summary>
    public int Added { get; }

    /// <summary>How many were published in place of another value.</summary>
    public int Changed { get; }

    /// <summary>How many were removed.</summary>
    public int Removed { get; }

    /// <summary>How many were equal already.</summary>
    public int Unchanged { get; }

    /// <summary>How many failed; each item has its error.</summary>
    public int Failed { get; }

    /// <summary>How many are still to be done, those in doubt included.</summary>
    public int Pending { get; }

    /// <summary>Whether the target is now as the source has it, as far as the plan goes.</summary>
    public bool IsComplete => Failed == 0 && Pending == 0;

    /// <summary>How long carrying it out took.</summary>
    public TimeSpan Duration { get; }

    /// <summary>Every configuration of the plan, with its state, outcome and error.</summary>
    public IReadOnlyList<TransferItem> Items { get; }

    private int Count(DifferenceState state, TransferOutcome outcome) => Items.Count(item => item.State == state && item.Outcome == outcome);
}
