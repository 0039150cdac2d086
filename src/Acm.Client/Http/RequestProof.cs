namespace Acm.Client.Http;

/// <summary>What proves who sends a request, for as long as a server takes it. Its text form names where it comes from and shows no secret.</summary>
internal abstract class RequestProof
{
    /// <summary>Puts the proof into a request's headers.</summary>
    public abstract void ApplyTo(HttpRequestMessage message, WireRequest request);
}
