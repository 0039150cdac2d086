using System.Text;
using Acm.Client.Http;

namespace Acm.Client.Protocol.Diamond;

/// <summary>Reads an address server's answer (protocol reference, section 2): a server a line, never none.</summary>
internal static class DiamondAddressList
{
    public static IReadOnlyList<string> Read(WireResponse response)
    {
        if (response.Status != 200) throw new AcmException(AcmErrorKind.ServerUnavailable, $"The address server {response.Server} answered {response.Status} instead of a server list.");

        string[] lines = [.. Encoding.ASCII.GetString(response.Body).Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
        return lines.Length > 0 ? lines : throw new AcmException(AcmErrorKind.ServerUnavailable, $"The address server {response.Server} lists no server.");
    }
}
