using System.Security.Cryptography;
using System.Text;
using Acm.Client.Text;

namespace Acm.Client.CloudApi;

/// <summary>
/// The signature of Alibaba Cloud's RPC services, version 1.0 with HMAC-SHA1: what KMS and STS ask for
/// (reference of KMS and credentials, section 1).
/// </summary>
internal static class RpcSignature
{
    private const string Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";

    /// <summary>Every parameter of query and form but the signature itself, with the method: GET and POST differ.</summary>
    public static string StringToSign(string method, IEnumerable<KeyValuePair<string, string>> parameters) =>
        method + "&%2F&" + Encode(Query(parameters.OrderBy(parameter => parameter.Key, StringComparer.Ordinal)));

    /// <summary>The signature, in Base64.</summary>
    public static string Compute(string secretKey, string stringToSign)
    {
        // The separator at the key's end is the service's own, unlike in the signature of ACM requests.
        byte[] key = Encoding.UTF8.GetBytes(secretKey + "&");
        byte[] data = Encoding.UTF8.GetBytes(stringToSign);
#if NET
        return Convert.ToBase64String(HMACSHA1.HashData(key, data));
#else
        using var hmac = new HMACSHA1(key);
        return Convert.ToBase64String(hmac.ComputeHash(data));
#endif
    }

    /// <summary>Parameters as they are signed, and as query and form carry them.</summary>
    public static string Query(IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var text = new StringBuilder();
        foreach (KeyValuePair<string, string> parameter in parameters)
        {
            if (text.Length > 0) text.Append('&');
            Append(text, parameter.Key);
            text.Append('=');
            Append(text, parameter.Value);
        }

        return text.ToString();
    }

    /// <summary>Percent-encoding of RFC 3986. The framework's own leaves some characters alone in old modes of .NET Framework.</summary>
    public static string Encode(string text)
    {
        var encoded = new StringBuilder(text.Length + 16);
        Append(encoded, text);
        return encoded.ToString();
    }

    private static void Append(StringBuilder encoded, string text)
    {
        foreach (byte b in Encoding.UTF8.GetBytes(text))
        {
            if (b < 128 && Unreserved.IndexOf((char)b) >= 0) encoded.Append((char)b);
            else Hex.AppendPercent(encoded, b);
        }
    }
}
