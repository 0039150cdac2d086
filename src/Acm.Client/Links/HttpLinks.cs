using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Protocol;

namespace Acm.Client.Links;

/// <summary>Opens HTTP links: owns the connection pool, the common headers and the authenticator.</summary>
internal sealed class HttpLinks : IServerLinks
{
    /// <param name="http">Sends the requests; disposed with this object.</param>
    /// <param name="headers">Headers of every request that is not anonymous.</param>
    /// <param name="isSecret">Returns whether a header's value must be redacted.</param>
    /// <param name="authenticator">Authenticates requests; null for anonymous access.</param>
    /// <param name="clock">Source of time.</param>
    public HttpLinks(HttpExchange http, KeyValuePair<string, string>[] headers, Func<string, bool> isSecret, IRequestAuthenticator? authenticator, TimeProvider clock)
    {
        Http = http;
        Headers = headers;
        IsSecret = isSecret;
        Authenticator = authenticator;
        Clock = clock;
    }

    public HttpExchange Http { get; }

    public KeyValuePair<string, string>[] Headers { get; }

    public Func<string, bool> IsSecret { get; }

    public IRequestAuthenticator? Authenticator { get; }

    public TimeProvider Clock { get; }

    public ValueTask<RequestProof?> GetProofAsync(CancellationToken cancellationToken)
    {
        if (Authenticator is null) return default;
        return Authenticator.GetAsync(cancellationToken)!;
    }

    public IServerLink Open(ServerAddress server, RequestProof? proof, CallLog log) => new HttpLink(this, server, log, Headers, proof);

    public IServerLink OpenAnonymous(ServerAddress server, CallLog log) => new HttpLink(this, server, log, headers: [], proof: null) { IsAnonymous = true };

    public string? ProxyFor(ServerAddress server) => Http.ProxyFor(server);

    public void Dispose() => Http.Dispose();
}
