using System.Security.Cryptography;
using System.Text;

namespace Acm.Client.Protocol.Diamond;

/// <summary>
/// The signature of a request: Base64 of HMAC-SHA1 over namespace, group and time stamp, each left out where it is not sent
/// (protocol reference, section 4). Key and text are UTF-8; the secret is used as it is.
/// </summary>
internal static class SpasSignature
{
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
}
