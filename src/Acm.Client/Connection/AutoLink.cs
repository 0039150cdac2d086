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
    private Dialect? _dialect;
    private IServerLink? _link;

    public ServerAddress Server => server;

    public DateTimeOffset? ServerTime => _link?.ServerTime;

    public CallLog Log => log;

    public bool IsAnonymous => isAnonymous;

    /// <summary>The way that a dialect takes: the same one for all that is asked over it in that dialect.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.AuthenticationFailed"/>: there is nothing to prove it with.</exception>
    public async ValueTask<IServerLink> OpenAsync(Dialect dialect, CancellationToken cancellationToken)
    {
        if (_link is { } open && _dialect == dialect) return open;

        IServerLink link = isAnonymous ? dialect.Links.OpenAnonymous(server, log) : dialect.Links.Open(server, await dialect.Links.GetProofAsync(cancellationToken).ConfigureAwait(false), log);
        (_dialect, _link) = (dialect, link);
        return link;
    }
}
