using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Protocol;

namespace Acm.Client;

/// <summary>The way to a server of which nobody knows yet what it is.</summary>
/// <param name="server">Where it leads.</param>
/// <param name="log">Where its lines go.</param>
/// <param name="isAnonymous">Whether the server is told nothing of who asks.</param>
internal sealed class AutoLink(ServerAddress server, CallLog log, bool isAnonymous) : IServerLink
{
    private IServerLink? _link;

    public ServerAddress Server => server;

    public DateTimeOffset? ServerTime => _link?.ServerTime;

    public CallLog Log => log;

    /// <summary>The way that a dialect takes.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.AuthenticationFailed"/>: there is nothing to prove it with.</exception>
    public async ValueTask<IServerLink> OpenAsync(Dialect dialect, CancellationToken cancellationToken) =>
        _link = isAnonymous ? dialect.Links.OpenAnonymous(server, log) : dialect.Links.Open(server, await dialect.Links.GetProofAsync(cancellationToken).ConfigureAwait(false), log);
}
