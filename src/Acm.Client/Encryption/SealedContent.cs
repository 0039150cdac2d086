namespace Acm.Client.Encryption;

/// <summary>Content as it is stored, with its encrypted data key; null if there is none.</summary>
internal readonly record struct SealedContent(string Text, string? DataKey)
{
    /// <summary>Returns the length only, because the content may be secret.</summary>
    public override string ToString() => $"{Text.Length} characters";
}
