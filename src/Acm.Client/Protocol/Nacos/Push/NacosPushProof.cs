using Acm.Client.Calls;
using Acm.Client.Http;

namespace Acm.Client.Protocol.Nacos.Push;

/// <summary>The headers by which a request over HTTP proves who sends it, for the metadata of one over gRPC. The signature of a batch listen covers the time alone, as Java clients sign it.</summary>
internal static class NacosPushProof
{
    /// <summary>What the signature of a batch listen covers.</summary>
    public static readonly WireRequest Listen = new() { Kind = CallKind.Probe, Method = HttpMethod.Post, PathAndQuery = "/", Subject = "keys" };

    /// <param name="proof">What proves who asks.</param>
    /// <param name="request">What a signature covers.</param>
    public static IEnumerable<KeyValuePair<string, string>> Headers(RequestProof proof, WireRequest request)
    {
        using var message = new HttpRequestMessage();
        proof.ApplyTo(message, request);
        return [.. message.Headers.Select(header => new KeyValuePair<string, string>(header.Key, string.Join(",", header.Value)))];
    }
}
