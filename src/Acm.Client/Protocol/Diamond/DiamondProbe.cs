using System.Text;
using Acm.Client.Http;

namespace Acm.Client.Protocol.Diamond;

/// <summary>Reads the response to a listen request.</summary>
internal static class DiamondProbe
{
    private const char WordSeparator = '\u0002';
    private const char LineSeparator = '\u0001';

    /// <summary>Returns the keys that differ.</summary>
    /// <param name="response">The response.</param>
    /// <param name="namespace">The namespace of the keys.</param>
    /// <param name="what">The beginning of error messages.</param>
    public static IReadOnlyList<ConfigKey> Read(WireResponse response, string @namespace, string what)
    {
        if (response.Status != 200) throw DiamondErrors.For(response, @namespace, what, key: null);
        if (response.Body.Length == 0) return [];
        if (DiamondGet.LooksLikePage(response)) throw DiamondErrors.Garbled(response, "it is a web page, such as one of a proxy or a login page");

        var keys = new List<ConfigKey>();
        foreach (string entry in PercentDecode(response.Body).Split([LineSeparator], StringSplitOptions.RemoveEmptyEntries))
        {
            // Old servers answer a short poll with a bare "OK" (suzuizui/diamond f9a4891); entries have two or three words.
            string[] words = entry.Split(WordSeparator);
            if (words.Length is not (2 or 3) || (words.Length == 3 ? words[2] : "") != @namespace) continue;

            keys.Add(new ConfigKey(words[0], words[1]));
        }

        return keys;
    }

    private static string PercentDecode(byte[] body)
    {
        byte[] bytes = new byte[body.Length];
        int length = 0;
        for (int i = 0; i < body.Length; i++)
        {
            byte b = body[i];
            if (b is (byte)'\r' or (byte)'\n') continue;
            if (b == '+')
            {
                b = (byte)' ';
            }
            else if (b == '%' && i + 2 < body.Length && Uri.IsHexDigit((char)body[i + 1]) && Uri.IsHexDigit((char)body[i + 2]))
            {
                b = (byte)((Uri.FromHex((char)body[i + 1]) << 4) | Uri.FromHex((char)body[i + 2]));
                i += 2;
            }

            bytes[length++] = b;
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }
}
