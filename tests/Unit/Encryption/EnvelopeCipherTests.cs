using System.Security.Cryptography;
using System.Text;
using Acm.Client.Encryption;
using FsCheck.Xunit;

namespace Acm.Tests.Encryption;

/// <summary>Test vectors that were computed with a JDK.</summary>
public sealed class EnvelopeCipherTests
{
    private const string Key128 = "AAECAwQFBgcICQoLDA0ODw==";
    private const string Key256 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    public static TheoryData<string, string, string> Vectors => new()
    {
        { Key128, "hello", "XYdJ4q91MbK/ZmHp5drwEg==" },
        { Key128, "password=中文😀", "eU2wY0WBVKW6n/A1j+tm7OPt3ZSQDgaYDMsSKE0Miog=" },
        { Key128, "0123456789abcdef", "KBVnqy9M8Nc9MZgiW4uDk5VPZPLk6G6e7oLSAhZoSJk=" },
        { Key128, "", "lU9k8uTobp7ugtICFmhImQ==" },
        { Key256, "hello", "kWhEh8NMNFbrTpAc74hKHg==" },
        { Key256, "password=中文😀", "X85m1oPp4A9Hd6ioec5KccmhDVhkNAi6u+BMWtvgsVw=" },
        { Key256, "0123456789abcdef", "2MlXWOM1PlMPpSvRDnO5hp87dQSSb4vTbjEY6QOkzUo=" },
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Text_is_encrypted_to_the_known_answer(string key, string text, string expected)
    {
        using DataKey dataKey = DataKey.FromBase64(Encoding.ASCII.GetBytes(key))!;

        Assert.Equal(expected, Convert.ToBase64String(EnvelopeCipher.Encrypt(dataKey.Bytes, Encoding.UTF8.GetBytes(text))));
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void The_known_answer_is_decrypted_to_its_text(string key, string expected, string cipherText)
    {
        using DataKey dataKey = DataKey.FromBase64(Encoding.ASCII.GetBytes(key))!;

        Assert.Equal(expected, Encoding.UTF8.GetString(EnvelopeCipher.Decrypt(dataKey.Bytes, Convert.FromBase64String(cipherText))));
    }

    [Property]
    public void Whatever_is_encrypted_comes_back(byte[] text)
    {
        using DataKey dataKey = DataKey.FromBase64(Encoding.ASCII.GetBytes(Key256))!;

        Assert.Equal(text, EnvelopeCipher.Decrypt(dataKey.Bytes, EnvelopeCipher.Encrypt(dataKey.Bytes, text)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAEC")]
    [InlineData("AAECAwQFBgcICQoLDA0ODw")]
    [InlineData("AAECAwQFBgcICQoLDA0ODxAREhMUFRYX")]
    [InlineData("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")]
    [InlineData("not Base64 at all")]
    public void A_key_of_another_size_is_none(string text) => Assert.Null(DataKey.FromBase64(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void A_data_key_is_cleared_when_it_is_done_with()
    {
        DataKey key = DataKey.FromBase64(Encoding.ASCII.GetBytes(Key128))!;
        byte[] bytes = key.Bytes;

        key.Dispose();

        Assert.All(bytes, b => Assert.Equal(0, b));
    }

    [Fact]
    public void Half_a_block_is_refused() => Assert.Throws<CryptographicException>(() => EnvelopeCipher.Decrypt(new byte[16], new byte[15]));
}
