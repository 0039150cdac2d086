using System.Security.Cryptography;

namespace Acm.Client.Text;

/// <summary>Computes SHA-256 as 64 lower-case hexadecimal digits.</summary>
internal static class Sha256Hex
{
    public static string Of(byte[] bytes)
    {
#if NET
        return Hex.Lower(SHA256.HashData(bytes));
#else
        using SHA256 algorithm = SHA256.Create();
        return Hex.Lower(algorithm.ComputeHash(bytes));
#endif
    }
}
