using Acm.Client.Calls;
using Acm.Client.Http;

namespace Acm.Client.Protocol;

/// <summary>The ways to the servers of one connection. Disposing it ends everything that is under way on them.</summary>
internal interface IServerLinks : IDisposable
{
    /// <summary>Gets what proves who asks. It is got before a server is chosen, so that no server's time is spent on it and none is passed over for it.</summary>
    /// <returns>The proof; null where nobody proves anything, or a link sees to it itself.</returns>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.AuthenticationFailed"/>: there is nothing to prove it with.</exception>
    ValueTask<RequestProof?> GetProofAsync(CancellationToken cancellationToken);

    /// <summary>The way to a server, with what proves who asks.</summary>
    IServerLink Open(ServerAddress server, RequestProof? proof, CallLog log);

    /// <summary>The way to a server that is told nothing of who asks.</summary>
    IServerLink OpenAnonymous(ServerAddress server, CallLog log);

    /// <summary>The proxy for a server as scheme, host and port; null where it is reached directly.</summary>
    string? ProxyFor(ServerAddress server);
}
