using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Acm.Tests.StandIns;

/// <summary>
/// The parameters of an RPC call as a service parses them, and their expected signature. The implementation is independent
/// of the product's.
/// </summary>
internal static class RpcParameters
{
    /// <summary>Decodes a query or a form.</summary>
    public static Dictionary<string, string> Parse(string text)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string part in text.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pair = part.Split('=', 2);
            parameters.Add(Decode(pair[0]), Decode(pair[1]));
        }

        return parameters;
    }

    public static string Sign(string secret, string method, IReadOnlyDictionary<string, string> parameters)
    {
        string[] pairs = [.. parameters.Where(parameter => parameter.Key != "Signature").Select(parameter => Percent(parameter.Key) + "=" + Percent(parameter.Value))];

        // Names only have letters and end with "=", which sorts before letters.
        Array.Sort(pairs, string.CompareOrdinal);
        string text = method + "&" + Percent("/") + "&" + Percent(string.Join('&', pairs));
        using var hmac = new HMACSHA1(Encoding.UTF8.GetBytes(secret + '&'));
        return Convert.ToBase64String(hmac.ComputeHash(Encoding.UTF8.GetBytes(text)));
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    private static string Percent(string text)
    {
        var encoded = new StringBuilder();
        foreach (byte b in Encoding.UTF8.GetBytes(text))
        {
            bool plain = char.IsAsciiLetterOrDigit((char)b) || b == '-' || b == '_' || b == '.' || b == '~';
            encoded.Append(plain ? ((char)b).ToString() : "%" + b.ToString("X2", CultureInfo.InvariantCulture));
        }

        return encoded.ToString();
    }
}
