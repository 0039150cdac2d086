using Acm.Client.Calls;
using Acm.Client.Http;

namespace Acm.Client.Protocol.Nacos.Push;

/// <summary>The headers by which a request over HTTP proves who sends it, for the metadata of one over gRPC. The signature of a batch listen covers the time alone, as Java clients sign it.</summary>
internal static class NacosPushProof
{
    private static readonly WireRequest Listen = new() { Kind = CallKind.Probe, Method = HttpMethod.Post, PathAndQuery = "/", Subject = "keys" };

    public static IEnumerable<KeyValuePair<string, string>> Headers(RequestProof proof)
    {
        using var message = new HttpRequestMessage();
        proof.ApplyTo(message, Listen);
        return [.. message.Headers.Select(header => new KeyValuePair<string, string>(header.Key, string.Join(",", header.Value)))];
    }
}
