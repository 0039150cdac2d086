namespace Acm.Client.Encryption;

/// <summary>How a configuration is encrypted, which the beginning of its data id says (reference of KMS and credentials, section 3).</summary>
internal enum CipherScheme
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>KMS encrypts the content itself.</summary>
    Direct,

    /// <summary>A data key of KMS's making encrypts the content, AES with 128 bits.</summary>
    Envelope128,

    /// <summary>The same with 256 bits.</summary>
    Envelope256,
}
