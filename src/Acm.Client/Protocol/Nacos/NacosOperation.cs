using Acm.Client.Calls;

namespace Acm.Client.Protocol.Nacos;

/// <summary>An operation that uses the API of the server's generation. If the server lacks a call, its generation is detected again.</summary>
/// <param name="kind">The kind of operation.</param>
/// <param name="subject">What is requested.</param>
/// <param name="key">The configuration; null for none in particular.</param>
/// <param name="run">Runs the operation on a server.</param>
internal sealed class NacosOperation<T>(CallKind kind, string subject, ConfigKey? key, Func<NacosLink, NacosServer, CancellationToken, Task<T>> run) : ServerOperation<T>(kind, subject, key)
{
    /// <summary>The time-outs of writes. Without a leader a write waits 5 s before it fails, and an election takes 10 to 18 s.</summary>
    private static readonly CallLimits.Needed WriteLimits = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30));

    public override CallLimits.Needed? Limits => Needed ?? (Kind is CallKind.Publish or CallKind.Remove ? WriteLimits : null);

    /// <summary>Gets the time-outs of an operation that takes longer than others of its kind; null for the usual ones.</summary>
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
                // The server may have been upgraded. A request that it does not support had no effect.
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
