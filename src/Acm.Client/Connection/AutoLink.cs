using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Protocol;

namespace Acm.Client;

/// <summary>A link to a server whose dialect is not known yet.</summary>
/// <param name="server">The server.</param>
/// <param name="log">The log of the call.</param>
/// <param name="isAnonymous">Whether requests are sent without credentials.</param>
internal sealed class AutoLink(ServerAddress server, CallLog log, bool isAnonymous) : IServerLink
{
    private Dialect? _dialect;
    private IServerLink? _link;

    public ServerAddress Server => server;

    public DateTimeOffset? ServerTime => _link?.ServerTime;

    public CallLog Log => log;

    public bool IsAnonymous => isAnonymous;

    /// <summary>Returns the link of a dialect, the same one for all requests in that dialect.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.AuthenticationFailed"/>: no credentials are available.</exception>
    public async ValueTask<IServerLink> OpenAsync(Dialect dialect, CancellationToken cancellationToken)
    {
        if (_link is { } open && _dialect == dialect) return open;

        IServerLink link = isAnonymous ? dialect.Links.OpenAnonymous(server, log) : dialect.Links.Open(server, await dialect.Links.GetProofAsync(cancellationToken).ConfigureAwait(false), log);
        (_dialect, _link) = (dialect, link);
        return link;
    }
}
