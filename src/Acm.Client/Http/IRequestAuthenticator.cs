namespace Acm.Client.Http;

/// <summary>Authenticates requests, and renews credentials that a server rejected. Thread-safe.</summary>
internal interface IRequestAuthenticator
{
    /// <summary>Gets the current credentials of requests; completes synchronously while they are cached.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.AuthenticationFailed"/>: no credentials are available.</exception>
    ValueTask<RequestProof> GetAsync(CancellationToken cancellationToken);

    /// <summary>Returns new credentials if the response rejects those of its request; null if it does not, or there are no others.</summary>
    ValueTask<RequestProof?> RenewAsync(WireResponse answer, CancellationToken cancellationToken);
}
