using Acm.Client.Calls;

namespace Acm.Client.Protocol.Nacos;

/// <summary>An operation in the calls of the generation that a server is of. Where the server answers as another one would, that is found out again.</summary>
/// <param name="kind">What it is for.</param>
/// <param name="subject">The thing asked for.</param>
/// <param name="key">The configuration that it is about.</param>
/// <param name="run">Asks a server, by what it is.</param>
internal sealed class NacosOperation<T>(CallKind kind, string subject, ConfigKey? key, Func<NacosLink, NacosServer, CancellationToken, Task<T>> run) : ServerOperation<T>(kind, subject, key)
{
    /// <summary>While a cluster has no leader a write waits for 5 s before it fails, and an election takes 10 to 18 s.</summary>
    private static readonly CallLimits.Needed WriteLimits = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30));

    public override CallLimits.Needed? Limits => Needed ?? (Kind is CallKind.Publish or CallKind.Remove ? WriteLimits : null);

    /// <summary>The limits of an operation that takes longer than others of its kind; null for theirs.</summary>
    public CallLimits.Needed? Needed { get; init; }

    public override async Task<T> RunAsync(IServerLink link, CancellationToken cancellationToken)
    {
        var nacos = (NacosLink)link;
        try
        {
            NacosServer server = await nacos.FindServerAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                return await run(nacos, server, cancellationToken).ConfigureAwait(false);
            }
            catch (AcmException e) when (e.Kind == AcmErrorKind.CapabilityMissing)
            {
                // The server may have been upgraded. Nothing was done for a call that is not there.
                nacos.Session.Forget(server);
                NacosServer now = await nacos.FindServerAsync(cancellationToken).ConfigureAwait(false);
                if (now.Generation == server.Generation) throw;

                return await run(nacos, now, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (AcmException e) when (e is { Kind: AcmErrorKind.ServerUnavailable, InnerException: not null })
        {
            nacos.Restarts.Note();
            throw;
        }
    }
}
