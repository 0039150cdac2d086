using System.Security.Cryptography;
using System.Text;
using Acm.Tests.StandIns;

namespace Acm.Tests.Encryption;

/// <summary>The envelope encryption of Alibaba Cloud's Java client, implemented independently of the product.</summary>
internal static class PeerCipher
{
    public static (string Content, string DataKey) Encrypt(KmsStandIn kms, string text, int keyBytes)
    {
        byte[] key = RandomNumberGenerator.GetBytes(keyBytes);
        using Aes aes = Aes.Create();
        aes.Key = key;
        return (Convert.ToBase64String(aes.EncryptEcb(Encoding.UTF8.GetBytes(text), PaddingMode.PKCS7)), kms.Encrypt(Convert.ToBase64String(key)));
    }

    public static string Decrypt(KmsStandIn kms, string content, string dataKey)
    {
        using Aes aes = Aes.Create();
        aes.Key = Convert.FromBase64String(kms.Decrypt(dataKey));
        return Encoding.UTF8.GetString(aes.DecryptEcb(Convert.FromBase64String(content), PaddingMode.PKCS7));
    }
}
