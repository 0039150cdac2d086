namespace Acm.Client.Encryption;

/// <summary>Content as a server is to hold it, and the encrypted data key that goes beside it; null where there is none.</summary>
internal readonly record struct SealedContent(string Text, string? DataKey)
{
    /// <summary>Nothing of the content: it is plain text where nothing is encrypted.</summary>
    public override string ToString() => $"{Text.Length} characters";
}
