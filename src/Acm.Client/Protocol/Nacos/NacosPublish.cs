using Acm.Client.Http;

namespace Acm.Client.Protocol.Nacos;

/// <summary>Writes, by the calls for administrators where the servers have them and the user may, else by those for clients.</summary>
internal static class NacosPublish
{
    /// <summary>Publishes. A publish resets what it does not name, so that what is stored is read first and sent again.</summary>
    public static async Task<WriteOutcome> RunAsync(NacosLink link, NacosServer server, string @namespace, PublishRequest request, CancellationToken cancellationToken)
    {
        ConfigKey key = request.Key;
        ServerRead? stored = await NacosGet.TryStoredAsync(link, server, @namespace, key, cancellationToken).ConfigureAwait(false);
        ConfigMetadata whole = stored is null ? await OrServedAsync(link, server, @namespace, request, cancellationToken).ConfigureAwait(false)
            : stored is { Value.Metadata: { } kept } ? request.Metadata.Or(kept)
            : request.Metadata;
        if (whole.Type is null) whole = whole with { Type = NacosType.Of(key.DataId) };

        string? casMd5 = request.Condition.Kind == PublishConditionKind.Unchanged ? request.Condition.Md5 : null;
        if (casMd5 is not null && !server.ComparesMd5)
        {
            link.Log.Write(AcmLogLevel.Warning, $"{link.Server} is a Nacos {server.Version}, which compares no MD5 as it stores: '{key}' was compared just before, and what someone else publishes in between is overwritten.");
            casMd5 = null;
        }

        bool isV3 = server.HasV3;
        WireResponse response = await SendAsync(isV3).ConfigureAwait(false);
        if (isV3 && server.HasV1 && response.Status is 401 or 403) response = await SendAsync(isV3 = false).ConfigureAwait(false);
        if (!NacosWrite.IsTaken(response, isV3, @namespace, key, "Publishing", casMd5 is not null)) return WriteOutcome.Refused;

        link.Session.NoteWrite(@namespace, key);
        return Outcome(request.Condition, isProvable: stored is not null);

        Task<WireResponse> SendAsync(bool isV3) => link.SendAsync(NacosRequests.Publish(isV3, @namespace, request with { Metadata = whole }, casMd5), cancellationToken);
    }

    /// <summary>Removes. No version compares anything as it removes.</summary>
    public static async Task<WriteOutcome> RemoveAsync(NacosLink link, NacosServer server, string @namespace, ConfigKey key, PublishCondition condition, CancellationToken cancellationToken)
    {
        bool isV3 = server.HasV3;
        WireResponse response = await SendAsync(isV3).ConfigureAwait(false);
        if (isV3 && server.HasV1 && response.Status is 401 or 403) response = await SendAsync(isV3 = false).ConfigureAwait(false);
        NacosWrite.IsTaken(response, isV3, @namespace, key, "Removing", hasCondition: false);
        link.Session.NoteWrite(@namespace, key);

        // A condition was compared with what is stored just before, so that the user may read it, or sees what is served only, which lags.
        bool isProvable = condition.Kind != PublishConditionKind.None && await NacosGet.TryStoredAsync(link, server, @namespace, key, cancellationToken).ConfigureAwait(false) is not null;
        return Outcome(condition, isProvable);

        Task<WireResponse> SendAsync(bool isV3) => link.SendAsync(NacosRequests.Remove(isV3, @namespace, key), cancellationToken);
    }

    /// <summary>For a user who does not see what is stored: what is served tells the type, and what else is not given is cleared, which has to be said.</summary>
    private static async Task<ConfigMetadata> OrServedAsync(NacosLink link, NacosServer server, string @namespace, PublishRequest request, CancellationToken cancellationToken)
    {
        (ConfigKey key, _, ConfigMetadata given, _) = request;
        ServerValue? served = null;
        bool isSeen = true;
        try
        {
            served = await NacosGet.AskAsync(link, server, @namespace, key, cancellationToken).ConfigureAwait(false);
            if (served is null) return given;
        }
        catch (AcmException e) when (e.Kind == AcmErrorKind.AccessDenied)
        {
            isSeen = false;
        }

        string[] cleared = [.. new[] { given.Description is null ? "description" : "", given.Tags is null ? "tags" : "", given.AppName is null ? "application name" : "" }.Where(name => name.Length > 0)];
        bool losesType = !isSeen && given.Type is null;
        if (cleared.Length > 0 || losesType)
        {
            string type = losesType ? $" Its type becomes '{NacosType.Of(key.DataId)}'." : "";
            string rest = cleared.Length > 0 ? $" The publish clears what it has of these: {string.Join(", ", cleared)}." : "";
            link.Log.Write(AcmLogLevel.Warning, $"This user may not see what {link.Server} stores beside the content of '{key}'.{rest}{type}");
        }

        return given with { Type = given.Type ?? served?.Metadata.Type };
    }

    /// <summary>"True" is no proof: where it matters and can be seen, what is stored tells.</summary>
    private static WriteOutcome Outcome(PublishCondition condition, bool isProvable) =>
        condition.Kind != PublishConditionKind.None && isProvable ? WriteOutcome.Accepted : WriteOutcome.Stored;
}
