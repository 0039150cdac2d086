namespace Acm.Client.Encryption;

/// <summary>How a configuration is encrypted, determined by the prefix of its data ID.</summary>
internal enum CipherScheme
{
    /// <summary>Not encrypted.</summary>
    None,

    /// <summary>KMS encrypts the content itself.</summary>
    Direct,

    /// <summary>A data key from KMS encrypts the content with AES-128.</summary>
    Envelope128,

    /// <summary>A data key from KMS encrypts the content with AES-256.</summary>
    Envelope256,
}
