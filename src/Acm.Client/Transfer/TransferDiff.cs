namespace Acm.Client.Transfer;

/// <summary>The difference of one configuration of a plan.</summary>
public sealed class TransferDiff
{
    internal TransferDiff(TransferItem item, string? text, string? redacted)
    {
        Item = item;
        Text = text;
        Redacted = redacted;
    }

    /// <summary>Gets the configuration.</summary>
    public TransferItem Item { get; }

    /// <summary>Gets the unified diff; empty if there is no difference, null if a text could not be read or is cipher text.</summary>
    public string? Text { get; }

    /// <summary>Gets the diff with redacted lines, for logs and screens.</summary>
    public string? Redacted { get; }
}
