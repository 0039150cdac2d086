using System.Security.Cryptography;
using System.Text;

namespace Acm.Client.Http;

/// <summary>
/// Computes request signatures: Base64 of HMAC-SHA1 over namespace, group and time stamp, without the parts that are not sent
/// (acm-sdk-python 0.4.10, <c>client.py</c>). Key and text are UTF-8.
/// </summary>
internal static class SpasSignature
{
    /// <summary>The product name in the key derivation of the Java client; the Go client uses <c>mse</c>.</summary>
    private const string Product = "mse-nacos";

    public static string StringToSign(string tenant, string? group, string timeStamp)
    {
        if (tenant.Length > 0) return group is null ? tenant + "+" + timeStamp : tenant + "+" + group + "+" + timeStamp;
        return group is null ? timeStamp : group + "+" + timeStamp;
    }

    public static string Compute(string secretKey, string text)
    {
        byte[] key = Encoding.UTF8.GetBytes(secretKey);
        byte[] data = Encoding.UTF8.GetBytes(text);
#if NET
        return Convert.ToBase64String(HMACSHA1.HashData(key, data));
#else
        using var hmac = new HMACSHA1(key);
        return Convert.ToBase64String(hmac.ComputeHash(data));
#endif
    }

    /// <summary>
    /// Derives the signing key of signature version 4: a chain of HMAC-SHA256 over date, region, product and a constant, as Base64
    /// (nacos-client, Java, 2.4 and later).
    /// </summary>
    /// <param name="secretKey">The secret key.</param>
    /// <param name="date">The UTC day of the time stamp, as <c>yyyyMMdd</c>.</param>
    /// <param name="region">The region ID, such as <c>cn-hangzhou</c>.</param>
    public static string DeriveKey(string secretKey, string date, string region)
    {
        byte[] key = Encoding.UTF8.GetBytes("aliyun_v4" + secretKey);
        foreach (string part in new[] { date, region, Product, "aliyun_v4_request" }) key = HmacSha256(key, Encoding.UTF8.GetBytes(part));
        return Convert.ToBase64String(key);
    }

    private static byte[] HmacSha256(byte[] key, byte[] data)
    {
#if NET
        return HMACSHA256.HashData(key, data);
#else
        using var hmac = new HMACSHA256(key);
        return hmac.ComputeHash(data);
#endif
    }
}
