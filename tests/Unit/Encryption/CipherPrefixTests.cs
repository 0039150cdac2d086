using Acm.Client.Encryption;

namespace Acm.Tests.Encryption;

public sealed class CipherPrefixTests
{
    [Theory]
    [InlineData("cipher-db.yaml", "Direct")]
    [InlineData("cipher-", "Direct")]
    [InlineData("cipher-kms-aes-128-db.yaml", "Envelope128")]
    [InlineData("cipher-kms-aes-128-", "Envelope128")]
    [InlineData("cipher-kms-aes-256-db.yaml", "Envelope256")]
    [InlineData("cipher-kms-aes-128", "Direct")]
    [InlineData("cipher-kms-aes-192-db.yaml", "Direct")]
    [InlineData("cipher-KMS-aes-128-db.yaml", "Direct")]
    [InlineData("Cipher-db.yaml", "None")]
    [InlineData("CIPHER-KMS-AES-128-x", "None")]
    [InlineData("cipher.db", "None")]
    [InlineData("my-cipher-db.yaml", "None")]
    [InlineData("x-cipher-kms-aes-128-y", "None")]
    [InlineData("", "None")]
    public void The_longest_prefix_counts_and_case_does(string dataId, string expected) => Assert.Equal(expected, CipherPrefix.SchemeOf(dataId).ToString());

    [Theory]
    [InlineData("password: secret\nuser: admin-with-a-long-name-in-it", false)]
    [InlineData("{\"password\":\"something-long-enough-for-cipher-text\"}", false)]
    [InlineData("hunter2", false)]
    [InlineData("", false)]
    [InlineData("DZhOWVmZDktM2QxNi00ODk0LWJkNGYtMWZjNDNm+/==", true)]
    public void What_somebody_wrote_is_told_from_cipher_text(string text, bool expected) => Assert.Equal(expected, CipherText.CanBeDirect(text));
}
