namespace Acm.Client.Transfer.Sources;

/// <summary>The content of an entry, or why there is none.</summary>
internal sealed class SetText
{
    public SetText(SetEntry entry, string content, string? encryptedDataKey = null)
    {
        Entry = entry;
        Content = content;
        EncryptedDataKey = encryptedDataKey;
    }

    public SetText(SetEntry entry, AcmException error)
    {
        Entry = entry;
        Error = error;
        Content = "";
    }

    public SetEntry Entry { get; }

    /// <summary>The text; empty where there is an error.</summary>
    public string Content { get; }

    /// <summary>The data key that travels beside envelope-encrypted content that was not decrypted; null for all other content.</summary>
    public string? EncryptedDataKey { get; }

    /// <summary>Why it could not be read; null where it could.</summary>
    public AcmException? Error { get; }
}
