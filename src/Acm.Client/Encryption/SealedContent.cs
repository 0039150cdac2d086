namespace Acm.Client.Encryption;

/// <summary>Content as a server is to hold it, and the encrypted data key that goes beside it; null where there is none.</summary>
internal readonly record struct SealedContent(string Text, string? DataKey);
