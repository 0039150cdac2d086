using Acm.Client.Calls;

namespace Acm.Client.Protocol.Nacos;

/// <summary>An operation in the calls of the generation that a server is of. Where the server answers as another one would, the next call finds out again.</summary>
/// <param name="kind">What it is for.</param>
/// <param name="subject">The thing asked for.</param>
/// <param name="key">The configuration that it is about.</param>
/// <param name="run">Asks a server, by what it is.</param>
internal sealed class NacosOperation<T>(CallKind kind, string subject, ConfigKey? key, Func<NacosLink, NacosServer, CancellationToken, Task<T>> run) : ServerOperation<T>(kind, subject, key)
{
    public override async Task<T> RunAsync(IServerLink link, CancellationToken cancellationToken)
    {
        var nacos = (NacosLink)link;
        NacosServer server = await nacos.FindServerAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await run(nacos, server, cancellationToken).ConfigureAwait(false);
        }
        catch (AcmException e) when (e.Kind == AcmErrorKind.CapabilityMissing)
        {
            nacos.Session.Forget(server);
            throw;
        }
    }
}
