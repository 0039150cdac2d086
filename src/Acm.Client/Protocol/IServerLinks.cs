using Acm.Client.Calls;
using Acm.Client.Http;

namespace Acm.Client.Protocol;

/// <summary>Opens links to the servers of one connection. Disposing it cancels everything in progress.</summary>
internal interface IServerLinks : IDisposable
{
    /// <summary>Gets the credentials of requests, before a server is selected, so that the time it takes is not attributed to a server.</summary>
    /// <returns>The credentials; null for anonymous access, or if the links handle credentials themselves.</returns>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.AuthenticationFailed"/>: no credentials are available.</exception>
    ValueTask<RequestProof?> GetProofAsync(CancellationToken cancellationToken);

    /// <summary>Opens a link with credentials.</summary>
    IServerLink Open(ServerAddress server, RequestProof? proof, CallLog log);

    /// <summary>Opens a link without credentials.</summary>
    IServerLink OpenAnonymous(ServerAddress server, CallLog log);

    /// <summary>Returns the proxy for a server as scheme, host and port; null if it is reached directly.</summary>
    string? ProxyFor(ServerAddress server);
}
