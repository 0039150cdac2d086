using System.Security.Cryptography;

namespace Acm.Client.Protocol;

/// <summary>MD5 as the protocols write it: 32 lower-case hex digits.</summary>
internal static class Md5Hex
{
    private const string Digits = "0123456789abcdef";

    public static string Of(ReadOnlySpan<byte> bytes)
    {
#if NET
        Span<byte> hash = stackalloc byte[MD5.HashSizeInBytes];
        MD5.HashData(bytes, hash);
#else
        using MD5 md5 = MD5.Create();
        byte[] hash = md5.ComputeHash(bytes.ToArray());
#endif
        Span<char> text = stackalloc char[32];
        for (int i = 0; i < 16; i++)
        {
            text[2 * i] = Digits[hash[i] >> 4];
            text[(2 * i) + 1] = Digits[hash[i] & 15];
        }

        return text.ToString();
    }

    public static bool IsValid(string text) => text.Length == 32 && text.All(Uri.IsHexDigit);
}
