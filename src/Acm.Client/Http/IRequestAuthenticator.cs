namespace Acm.Client.Http;

/// <summary>Proves to servers who sends a request, and renews the proof that one refused. Thread-safe.</summary>
internal interface IRequestAuthenticator
{
    /// <summary>What requests are proved with now. Asks nobody while it is at hand.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.AuthenticationFailed"/>: there is none to be had.</exception>
    ValueTask<RequestProof> GetAsync(CancellationToken cancellationToken);

    /// <summary>Another proof where an answer refuses the one that its request had; null where it does not, or there is no other.</summary>
    ValueTask<RequestProof?> RenewAsync(WireResponse answer, CancellationToken cancellationToken);
}
