using Acm.Client.Http;

namespace Acm.Client.Protocol.Nacos;

/// <summary>
/// Looks after content that was refused. The nodes of a cluster of 2.x with embedded storage hand it out to readers all the same, for minutes, and tell listeners of it; a publish of what is stored
/// ends that. Servers that are alone, and clusters of 3.x, do not.
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

        // With the MD5 of what is stored as the condition: what someone else publishes meanwhile is not overwritten.
        var request = new PublishRequest(key, stored.Bytes, stored.Metadata);
        WireResponse response = await link.SendAsync(NacosRequests.Publish(isV3: false, @namespace, request, stored.Md5), cancellationToken).ConfigureAwait(false);
        return NacosWrite.IsTaken(response, isV3: false, @namespace, key, "Publishing", hasCondition: true) ? RefusedContent.Repaired : RefusedContent.MayBeServed;
    }
}
