using Acm.Client.Transfer.Sources;

namespace Acm.Client.Transfer;

/// <summary>One configuration of a plan: what is to happen to it, and what has become of that.</summary>
public sealed class TransferItem
{
    internal TransferItem(ConfigKey key, DifferenceState state, SetEntry? source, SetEntry? target, AcmException? error = null)
    {
        Key = key;
        State = state;
        Source = source;
        Target = target;
        Error = error;
        IsRefused = error is not null;
        Outcome = error is not null ? TransferOutcome.Failed : state == DifferenceState.Unchanged ? TransferOutcome.NothingToDo : TransferOutcome.Pending;
    }

    /// <summary>The data id.</summary>
    public string DataId => Key.DataId;

    /// <summary>The group.</summary>
    public string Group => Key.Group;

    /// <summary>Group and data id.</summary>
    public ConfigKey Key { get; }

    /// <summary>What is to happen to it in the target.</summary>
    public DifferenceState State { get; }

    /// <summary>What has become of that by now.</summary>
    public TransferOutcome Outcome { get; private set; }

    /// <summary>Why it failed; null where it did not.</summary>
    public AcmException? Error { get; private set; }

    /// <summary>Whether the servers hold it encrypted and the texts compared are not: its differences show what is to be kept secret.</summary>
    public bool IsEncrypted { get; internal init; }

    /// <summary>Whether it could not be compared, or could not be published whatever is tried: the plan was made with its error.</summary>
    internal bool IsRefused { get; }

    /// <summary>Whether its cipher texts were compared.</summary>
    internal bool IsRaw { get; init; }

    /// <summary>Where the source has it; null where it has not.</summary>
    internal SetEntry? Source { get; }

    /// <summary>Where the target has it; null where it has not.</summary>
    internal SetEntry? Target { get; }

    /// <summary>What the source's content was when the plan was made.</summary>
    internal string? Fingerprint { get; init; }

    /// <summary>What differs beside the content.</summary>
    internal IReadOnlyList<MetadataChange> MetadataChanges { get; init; } = [];

    /// <summary>MD5 that the target's value had when the plan was made; null where it had none.</summary>
    internal string? TargetMd5 { get; init; }

    /// <summary>Whether it failed because the target's value is not the one any more that the plan was made for.</summary>
    internal bool HasTargetMoved { get; private set; }

    /// <summary>The key as people write it: <c>group/dataId</c>.</summary>
    public override string ToString() => Key.ToString();

    internal void Begin() => Outcome = TransferOutcome.InDoubt;

    internal void Succeed() => Outcome = TransferOutcome.Done;

    internal void FailAsMoved(AcmException error)
    {
        HasTargetMoved = true;
        Fail(error);
    }

    internal void Fail(AcmException error)
    {
        Outcome = TransferOutcome.Failed;
        Error = error.Key is null ? error.About(Key) : error;
    }
}
