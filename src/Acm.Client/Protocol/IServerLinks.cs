using Acm.Client.Calls;
using Acm.Client.Http;

namespace Acm.Client.Protocol;

/// <summary>The ways to the servers of one connection. Disposing it ends everything that is under way on them.</summary>
internal interface IServerLinks : IDisposable
{
    /// <summary>The way to a server, with what proves who asks. Waits for that where it is not at hand: no server's time is spent on it.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.AuthenticationFailed"/>: there is nothing to prove it with.</exception>
    ValueTask<IServerLink> OpenAsync(ServerAddress server, CallLog log, CancellationToken cancellationToken);

    /// <summary>The way to a server that is told nothing of who asks.</summary>
    IServerLink OpenAnonymous(ServerAddress server, CallLog log);

    /// <summary>The proxy for a server as scheme, host and port; null where it is reached directly.</summary>
    string? ProxyFor(ServerAddress server);
}
