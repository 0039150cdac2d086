using System.Security.Cryptography;

namespace Acm.Client.Encryption;

/// <summary>
/// AES in ECB mode with PKCS7 padding: equal blocks stay recognizable, and integrity is not checked. The format is required for compatibility
/// (nacos-group/nacos-client-mse-extension).
/// </summary>
internal static class EnvelopeCipher
{
    public static byte[] Encrypt(byte[] key, byte[] text)
    {
        using Aes aes = Create(key);
        using ICryptoTransform transform = aes.CreateEncryptor();
        return transform.TransformFinalBlock(text, 0, text.Length);
    }

    /// <exception cref="CryptographicException">The key is wrong, or the bytes are damaged; not always detected.</exception>
    public static byte[] Decrypt(byte[] key, byte[] cipherText)
    {
        using Aes aes = Create(key);
        using ICryptoTransform transform = aes.CreateDecryptor();
        return transform.TransformFinalBlock(cipherText, 0, cipherText.Length);
    }

    private static Aes Create(byte[] key)
    {
        var aes = Aes.Create();
#pragma warning disable CA5358 // The format requires this mode.
        aes.Mode = CipherMode.ECB;
#pragma warning restore CA5358
        aes.Padding = PaddingMode.PKCS7;
        aes.Key = key;
        return aes;
    }
}
