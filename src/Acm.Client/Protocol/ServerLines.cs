using System.Text;
using Acm.Client.Http;

namespace Acm.Client.Protocol;

/// <summary>Reads the response of an address server: one server per line, at least one. ACM and Nacos use the same format.</summary>
internal static class ServerLines
{
    public static IReadOnlyList<string> Read(WireResponse response)
    {
        if (response.Status != 200) throw new AcmException(AcmErrorKind.ServerUnavailable, $"The address server {response.Server} answered {response.Status} instead of a server list.") { IsForeign = response.Status == 404 };

        string[] lines = [.. Encoding.ASCII.GetString(response.Body).Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
        return lines.Length > 0 ? lines : throw new AcmException(AcmErrorKind.ServerUnavailable, $"The address server {response.Server} lists no server.");
    }
}
