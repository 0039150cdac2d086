using System.Net.Http.Headers;
using System.Text;
using Acm.Client.Text;

namespace Acm.Client.Http;

/// <summary>Formats a request or response for the debug log: the first line and the headers, with secrets redacted and without the body.</summary>
internal static class HeaderDump
{
    private const int LongestValue = 2000;

    public static string Of(HttpRequestMessage message, Func<string, bool> isSecret)
    {
        StringBuilder text = new StringBuilder().Append("> ").Append(message.Method).Append(' ').Append(WithoutSecrets(message.RequestUri!, isSecret));
        Append(text, message.Headers, isSecret);
        if (message.Content is { } content) Append(text, content.Headers, isSecret);
        return text.ToString();
    }

    public static string Of(WireResponse response, Func<string, bool> isSecret)
    {
        StringBuilder text = new StringBuilder().Append("< ").Append(response.Status).Append(" from ").Append(response.Server).Append(", body of ").Append(response.Body.Length).Append(" bytes");
        Append(text, response.Headers, isSecret);
        Append(text, response.ContentHeaders, isSecret);
        return text.ToString();
    }

    private static void Append(StringBuilder text, HttpHeaders headers, Func<string, bool> isSecret)
    {
#if NET
        foreach (KeyValuePair<string, HeaderStringValues> header in headers.NonValidated) Append(text, header.Key, header.Value.ToString(), isSecret);
#else
        foreach (KeyValuePair<string, IEnumerable<string>> header in headers) Append(text, header.Key, string.Join(", ", header.Value), isSecret);
#endif
    }

    private static void Append(StringBuilder text, string name, string value, Func<string, bool> isSecret) =>
        text.Append("\n  ").Append(name).Append(": ").Append(isSecret(name) || IsGeneralSecret(name) ? "(removed)" : ForeignText.Clean(value, LongestValue));

    /// <summary>Returns the address with secret query parameters redacted: no dialect sends any, but a list of addresses may contain them.</summary>
    private static string WithoutSecrets(Uri address, Func<string, bool> isSecret)
    {
        string text = address.OriginalString;
        int query = text.IndexOf('?');
        if (query < 0) return text;

        IEnumerable<string> parameters = text.Substring(query + 1).Split('&').Select(parameter =>
        {
            int end = parameter.IndexOf('=');
            return end > 0 && (isSecret(parameter.Substring(0, end)) || IsSecretParameter(parameter.Substring(0, end))) ? parameter.Substring(0, end + 1) + "(removed)" : parameter;
        });
        return text.Substring(0, query + 1) + string.Join("&", parameters);
    }

    private static bool IsSecretParameter(string name) =>
        name.ToLowerInvariant() is "accesstoken" or "access_token" or "token" or "password" or "signature" or "accesskeyid" or "securitytoken" or "secretkey";

    private static bool IsGeneralSecret(string name) =>
        name.Equals("Authorization", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Proxy-Authorization", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Cookie", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Set-Cookie", StringComparison.OrdinalIgnoreCase);
}
