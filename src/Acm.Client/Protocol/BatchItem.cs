namespace Acm.Client.Protocol;

/// <summary>What a batch answer says of one key.</summary>
internal readonly struct BatchItem
{
    private BatchItem(BatchItemState state, ServerValue? value)
    {
        State = state;
        Value = value;
    }

    public BatchItemState State { get; }

    /// <summary>Set where <see cref="State"/> is <see cref="BatchItemState.Found"/>.</summary>
    public ServerValue? Value { get; }

    public static BatchItem Found(ServerValue value) => new(BatchItemState.Found, value);

    public static BatchItem Missing() => new(BatchItemState.Missing, null);

    public static BatchItem AskSingly() => new(BatchItemState.AskSingly, null);
}

internal enum BatchItemState
{
    Found,
    Missing,

    /// <summary>The batch can't tell: an error on this item, or text that is not the bytes its checksum is of.</summary>
    AskSingly,
}
