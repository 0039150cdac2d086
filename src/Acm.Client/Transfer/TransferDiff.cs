namespace Acm.Client.Transfer;

/// <summary>What differs in one configuration of a plan.</summary>
public sealed class TransferDiff
{
    internal TransferDiff(TransferItem item, string? text, string? redacted)
    {
        Item = item;
        Text = text;
        Redacted = redacted;
    }

    /// <summary>The configuration.</summary>
    public TransferItem Item { get; }

    /// <summary>The unified diff; empty where nothing differs, null where a text could not be read or is cipher text.</summary>
    public string? Text { get; }

    /// <summary>The same with redacted lines, for logs and screens.</summary>
    public string? Redacted { get; }
}
