using System.Security.Cryptography;

namespace Acm.Client.Encryption;

/// <summary>
/// AES with PKCS7 padding in ECB mode: no vector, so that equal blocks show, and no check of integrity. It is the format that every client of the field reads and
/// writes (reference of KMS and credentials, 3.2), and not one to choose.
/// </summary>
internal static class EnvelopeCipher
{
    public static byte[] Encrypt(byte[] key, byte[] text)
    {
        using Aes aes = Create(key);
        using ICryptoTransform transform = aes.CreateEncryptor();
        return transform.TransformFinalBlock(text, 0, text.Length);
    }

    /// <exception cref="CryptographicException">The key is not the one, or the bytes are damaged; by luck, not always.</exception>
    public static byte[] Decrypt(byte[] key, byte[] cipherText)
    {
        using Aes aes = Create(key);
        using ICryptoTransform transform = aes.CreateDecryptor();
        return transform.TransformFinalBlock(cipherText, 0, cipherText.Length);
    }

    private static Aes Create(byte[] key)
    {
        var aes = Aes.Create();
#pragma warning disable CA5358 // The mode is the format's.
        aes.Mode = CipherMode.ECB;
#pragma warning restore CA5358
        aes.Padding = PaddingMode.PKCS7;
        aes.Key = key;
        return aes;
    }
}
