using Acm.Client.Transfer.Sources;

namespace Acm.Client.Transfer;

/// <summary>One configuration of a plan, with its planned change and outcome.</summary>
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

    /// <summary>Gets the data ID.</summary>
    public string DataId => Key.DataId;

    /// <summary>Gets the group.</summary>
    public string Group => Key.Group;

    /// <summary>Gets group and data ID.</summary>
    public ConfigKey Key { get; }

    /// <summary>Gets how it differs, which determines the change of the target.</summary>
    public DifferenceState State { get; }

    /// <summary>Gets the current outcome.</summary>
    public TransferOutcome Outcome { get; private set; }

    /// <summary>Gets why it failed; null if it did not.</summary>
    public AcmException? Error { get; private set; }

    /// <summary>Gets whether decrypted texts were compared, so that the differences are secret.</summary>
    public bool IsEncrypted { get; internal init; }

    /// <summary>Gets whether planning already failed: it could not be compared, or can never be published.</summary>
    internal bool IsRefused { get; }

    /// <summary>Gets whether cipher texts were compared.</summary>
    internal bool IsRaw { get; init; }

    /// <summary>Gets the entry of the source; null if the source does not have it.</summary>
    internal SetEntry? Source { get; }

    /// <summary>Gets the entry of the target; null if the target does not have it.</summary>
    internal SetEntry? Target { get; }

    /// <summary>Gets the MD5 of the source's text at planning time.</summary>
    internal string? Fingerprint { get; init; }

    /// <summary>Gets the differences in metadata.</summary>
    internal IReadOnlyList<MetadataChange> MetadataChanges { get; init; } = [];

    /// <summary>Gets the MD5 of the target's value at planning time; null if there was none.</summary>
    internal string? TargetMd5 { get; init; }

    /// <summary>Gets whether it failed because the target's value changed after planning.</summary>
    internal bool HasTargetMoved { get; private set; }

    /// <summary>Returns <c>group/dataId</c>.</summary>
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
