using Acm.Client.Http;

namespace Acm.Client.Protocol.Nacos;

/// <summary>
/// Handles rejected content. Nodes of a 2.x cluster with embedded storage serve it to readers and listeners for minutes; publishing the stored value again
/// ends that. Stand-alone servers and 3.x clusters are not affected.
/// </summary>
internal static class NacosRefusal
{
    public static async Task<RefusedContent> CheckAsync(NacosLink link, NacosServer server, string @namespace, ConfigKey key, string md5, bool repairs, CancellationToken cancellationToken)
    {
        if (server.IsAlone || server.Generation != NacosGeneration.Two) return RefusedContent.Dropped;
        if (await NacosGet.TryStoredAsync(link, server, @namespace, key, cancellationToken).ConfigureAwait(false) is not { } read) return RefusedContent.MayBeServed;

        ServerValue? served = await NacosGet.AskAsync(link, server, @namespace, key, cancellationToken).ConfigureAwait(false);
        if (read.Value is not { } stored || served?.Md5 == stored.Md5) return RefusedContent.MayBeServed;
        if (!repairs) return served?.Md5 == md5 ? RefusedContent.Served : RefusedContent.MayBeServed;

        // The MD5 of the stored value is the precondition, so a publish by another client is not overwritten.
        var request = new PublishRequest(key, stored.Bytes, stored.Metadata);
        WireResponse response = await link.SendAsync(NacosRequests.Publish(isV3: false, @namespace, request, stored.Md5), cancellationToken).ConfigureAwait(false);
        return NacosWrite.IsTaken(response, isV3: false, @namespace, key, "Publishing", hasCondition: true) ? RefusedContent.Repaired : RefusedContent.MayBeServed;
    }
}
