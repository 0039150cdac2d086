using Acm.Client.Calls;
using Acm.Client.Protocol;

namespace Acm.Client;

/// <summary>Detects the dialect of a server and does nothing else.</summary>
internal sealed class FindDialect(AutoDialect auto) : ServerOperation<bool>(CallKind.Address, "the kind of server", key: null)
{
    public override async Task<bool> RunAsync(IServerLink link, CancellationToken cancellationToken)
    {
        await auto.FindAsync(link.Server, link.Log, cancellationToken).ConfigureAwait(false);
        return true;
    }
}
