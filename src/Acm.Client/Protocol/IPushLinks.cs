using Acm.Client.Calls;
using Acm.Client.Http;

namespace Acm.Client.Protocol;

/// <summary>Opens connections on which servers tell of changes by themselves.</summary>
internal interface IPushLinks
{
    /// <summary>Connects to a server.</summary>
    /// <param name="server">The server, by the address at which it answers requests.</param>
    /// <param name="namespace">The namespace of the keys that are to be listened to.</param>
    /// <param name="log">Where lines go.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.CapabilityMissing"/>: the server does not push. Any other kind: it can't be reached, or refuses.</exception>
    Task<IPushLink> OpenAsync(ServerAddress server, string @namespace, CallLog log, CancellationToken cancellationToken);
}
