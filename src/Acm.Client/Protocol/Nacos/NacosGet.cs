using Acm.Client.Http;

namespace Acm.Client.Protocol.Nacos;

/// <summary>The two ways to read one key: what is served to clients, and what is stored, which fewer users may see.</summary>
internal static class NacosGet
{
    /// <summary>Reads what is served, in one request. That it is missing there proves nothing: see <see cref="NacosAbsence"/>.</summary>
    public static async Task<ServerRead> ServedAsync(NacosLink link, NacosServer server, string @namespace, ConfigKey key, CancellationToken cancellationToken)
    {
        // What clients are served is behind a write for a moment: a session reads what it wrote.
        if (link.Session.MayLag(@namespace, key)) return await StoredAsync(link, server, @namespace, key, cancellationToken).ConfigureAwait(false);

        return new ServerRead(await AskAsync(link, server, @namespace, key, cancellationToken).ConfigureAwait(false), ReadView.Served);
    }

    /// <summary>Reads what is stored; what is served where the user may not.</summary>
    public static async Task<ServerRead> StoredAsync(NacosLink link, NacosServer server, string @namespace, ConfigKey key, CancellationToken cancellationToken) =>
        await TryStoredAsync(link, server, @namespace, key, cancellationToken).ConfigureAwait(false)
            ?? new ServerRead(await AskAsync(link, server, @namespace, key, cancellationToken).ConfigureAwait(false), ReadView.Served);

    /// <summary>Reads what is stored; null where the user may not, or a gateway lets only the calls for clients through.</summary>
    public static async Task<ServerRead?> TryStoredAsync(NacosLink link, NacosServer server, string @namespace, ConfigKey key, CancellationToken cancellationToken)
    {
        WireResponse response = await link.SendAsync(NacosRequests.Detail(server, @namespace, key), cancellationToken).ConfigureAwait(false);
        if (response.Status is 401 or 403 || (server.HasV3 && IsHidden(response))) return null;

        return new ServerRead(NacosRead.Stored(response, server, @namespace, key), ReadView.Stored);
    }

    /// <summary>Reads what is served, and looks no further where that is nothing.</summary>
    public static async Task<ServerValue?> AskAsync(NacosLink link, NacosServer server, string @namespace, ConfigKey key, CancellationToken cancellationToken)
    {
        WireResponse response = await link.SendAsync(NacosRequests.Get(server, @namespace, key), cancellationToken).ConfigureAwait(false);
        return server.HasV3 ? NacosRead.Served(response, @namespace, key) : NacosRead.Plain(response, server, @namespace, key);
    }

    /// <summary>Whether there is no such call on this way. That there is no such configuration has a code of its own.</summary>
    private static bool IsHidden(WireResponse response) => response.Status is 404 or 405 or 410 or 501 && NacosAnswer.Of(response).Code != NacosErrors.NotFound;
}
