using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Protocol;

namespace Acm.Client;

/// <summary>Opens push connections in the dialect of the server, which is detected first.</summary>
internal sealed class AutoPushLinks(AutoDialect dialect) : IPushLinks
{
    public async Task<IPushLink> OpenAsync(ServerAddress server, string @namespace, CallLog log, CancellationToken cancellationToken)
    {
        Dialect found = await dialect.FindAsync(server, log, cancellationToken).ConfigureAwait(false);
        return found.Push is { } push
            ? await push.OpenAsync(server, @namespace, log, cancellationToken).ConfigureAwait(false)
            : throw new AcmException(AcmErrorKind.CapabilityMissing, $"{server} is an ACM server, which cannot push changes.") { IsFinal = true, IsBeyondVersion = true };
    }
}
