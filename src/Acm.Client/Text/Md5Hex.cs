using System.Security.Cryptography;

namespace Acm.Client.Text;

/// <summary>Computes MD5 as 32 lower-case hexadecimal digits.</summary>
internal static class Md5Hex
{
    public static string Of(ReadOnlySpan<byte> bytes)
    {
#if NET
        Span<byte> hash = stackalloc byte[MD5.HashSizeInBytes];
        MD5.HashData(bytes, hash);
#else
        using MD5 md5 = MD5.Create();
        byte[] hash = md5.ComputeHash(bytes.ToArray());
#endif
        return Hex.Lower(hash);
    }

    public static bool IsValid(string text) => text.Length == 32 && text.All(Uri.IsHexDigit);
}
