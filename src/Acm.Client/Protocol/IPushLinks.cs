using Acm.Client.Calls;
using Acm.Client.Http;

namespace Acm.Client.Protocol;

/// <summary>Opens connections on which servers push changes.</summary>
internal interface IPushLinks
{
    /// <summary>Connects to a server.</summary>
    /// <param name="server">The server, by its HTTP address.</param>
    /// <param name="namespace">The namespace of the keys.</param>
    /// <param name="log">The log of the connection.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.CapabilityMissing"/>: the server does not push; otherwise it is unreachable or rejected the connection.</exception>
    Task<IPushLink> OpenAsync(ServerAddress server, string @namespace, CallLog log, CancellationToken cancellationToken);
}
