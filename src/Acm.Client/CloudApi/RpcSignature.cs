using System.Text;
using Acm.Client.Http;
using Acm.Client.Text;

namespace Acm.Client.CloudApi;

/// <summary>
/// Computes RPC signatures, version 1.0 with HMAC-SHA1, for KMS and STS (Alibaba Cloud documentation, "RPC-style signature").
/// </summary>
internal static class RpcSignature
{
    private const string Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";

    /// <summary>Returns the string to sign: the method, and all parameters of query and form except the signature.</summary>
    public static string StringToSign(string method, IEnumerable<KeyValuePair<string, string>> parameters) =>
        method + "&%2F&" + Encode(Query(parameters.OrderBy(parameter => parameter.Key, StringComparer.Ordinal)));

    /// <summary>Computes the signature, in Base64.</summary>
    public static string Compute(string secretKey, string stringToSign) =>
        // RPC signatures append "&" to the key; ACM signatures do not.
        SpasSignature.Compute(secretKey + "&", stringToSign);

    /// <summary>Encodes parameters for signing, queries and forms.</summary>
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

    /// <summary>Percent-encodes text by RFC 3986. Uri.EscapeDataString leaves more characters unescaped in old compatibility modes of .NET Framework.</summary>
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
