namespace Acm.Client.Http;

/// <summary>Authenticates requests with one set of credentials. <see cref="object.ToString"/> names their source and never reveals a secret.</summary>
internal abstract class RequestProof
{
    /// <summary>Adds the authentication headers to a request.</summary>
    public abstract void ApplyTo(HttpRequestMessage message, WireRequest request);
}
