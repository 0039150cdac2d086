using System.Net.Http.Headers;
using System.Text;
using Acm.Client.Protocol;

namespace Acm.Client.Servers;

/// <summary>A request or an answer as the debug log shows it: first line and headers, secrets removed, no body.</summary>
internal static class HeaderDump
{
    public static string Of(HttpRequestMessage message, IConfigProtocol protocol)
    {
        var text = new StringBuilder().Append("> ").Append(message.Method).Append(' ').Append(message.RequestUri);
        Append(text, message.Headers, protocol);
        if (message.Content is { } content) Append(text, content.Headers, protocol);
        return text.ToString();
    }

    public static string Of(WireResponse response, IConfigProtocol protocol)
    {
        StringBuilder text = new StringBuilder().Append("< ").Append(response.Status).Append(" from ").Append(response.Server).Append(", body of ").Append(response.Body.Length).Append(" bytes");
        Append(text, response.Headers, protocol);
        Append(text, response.ContentHeaders, protocol);
        return text.ToString();
    }

    private static void Append(StringBuilder text, HttpHeaders headers, IConfigProtocol protocol)
    {
#if NET
        foreach (KeyValuePair<string, HeaderStringValues> header in headers.NonValidated) Append(text, header.Key, header.Value.ToString(), protocol);
#else
        foreach (KeyValuePair<string, IEnumerable<string>> header in headers) Append(text, header.Key, string.Join(", ", header.Value), protocol);
#endif
    }

    private static void Append(StringBuilder text, string name, string value, IConfigProtocol protocol) =>
        text.Append("\n  ").Append(name).Append(": ").Append(protocol.IsSecretHeader(name) || IsGeneralSecret(name) ? "(removed)" : value);

    private static bool IsGeneralSecret(string name) =>
        name.Equals("Authorization", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Proxy-Authorization", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Cookie", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Set-Cookie", StringComparison.OrdinalIgnoreCase);
}
