using Acm.Client.Calls;
using Acm.Client.Http;

namespace Acm.Client.Protocol.Nacos;

/// <summary>Finds the keys whose value differs on a server: a few are read, many are compared by a list with MD5s or by a listen request, depending on the version.</summary>
internal static class NacosDifferences
{
    /// <summary>Up to this many keys are read individually, which returns the stored values.</summary>
    private const int MostReadSingly = 16;

    private const int PageSize = 500;
    private const int PagesInFlight = 4;

    /// <summary>A page takes a server about as long as this many reads.</summary>
    private const int ReadsOfPage = 10;
    private const int ReadsInFlight = 8;

    /// <summary>Returns the time-outs; reading thousands of keys individually does not fit into a usual try.</summary>
    /// <param name="count">The number of keys.</param>
    public static CallLimits.Needed? LimitsFor(int count)
    {
        if (count <= MostReadSingly) return null;

        TimeSpan limit = AcmClientOptions.DefaultTryTimeout + TimeSpan.FromMilliseconds(20 * Math.Min(count, 1_000));
        return new CallLimits.Needed(limit, TimeSpan.FromTicks(4 * limit.Ticks));
    }

    public static async Task<IReadOnlyList<ConfigKey>> FindAsync(NacosLink link, NacosServer server, string @namespace, IReadOnlyList<KeyValuePair<ConfigKey, string?>> known, CancellationToken cancellationToken)
    {
        if (known.Count > MostReadSingly)
        {
            if (server.HasV3 && await ByListAsync(link, server, @namespace, known, cancellationToken).ConfigureAwait(false) is { } differing) return differing;
            if (server.HasV1) return await ByPollAsync(link, @namespace, known, cancellationToken).ConfigureAwait(false);
        }

        return await ByReadsAsync(link, server, @namespace, known, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<IReadOnlyList<ConfigKey>> ByReadsAsync(NacosLink link, NacosServer server, string @namespace, IReadOnlyList<KeyValuePair<ConfigKey, string?>> known, CancellationToken cancellationToken)
    {
        var found = new List<ConfigKey>();
        for (int next = 0; next < known.Count; next += ReadsInFlight)
        {
            KeyValuePair<ConfigKey, string?>[] some = [.. known.Skip(next).Take(ReadsInFlight)];
            ServerRead[] reads = await Task.WhenAll(some.Select(pair => ReadAsync(link, server, @namespace, pair.Key, cancellationToken))).ConfigureAwait(false);
            found.AddRange(some.Where((pair, i) => reads[i].Value?.Md5 != pair.Value).Select(pair => pair.Key));
        }

        return found;
    }

    /// <summary>Reads the stored value. Missing permission is remembered, so that it is not requested for each of thousands of keys.</summary>
    private static async Task<ServerRead> ReadAsync(NacosLink link, NacosServer server, string @namespace, ConfigKey key, CancellationToken cancellationToken)
    {
        if (link.Session.IsHidden(@namespace)) return await NacosGet.ServedAsync(link, server, @namespace, key, cancellationToken).ConfigureAwait(false);

        ServerRead read = await NacosGet.StoredAsync(link, server, @namespace, key, cancellationToken).ConfigureAwait(false);
        if (read.View == ReadView.Served) link.Session.NoteHidden(@namespace);
        return read;
    }

    /// <summary>Compares with a list; returns null if the user must not list, the list has no MD5s, or reading its pages takes longer than reading the keys.</summary>
    private static async Task<IReadOnlyList<ConfigKey>?> ByListAsync(NacosLink link, NacosServer server, string @namespace, IReadOnlyList<KeyValuePair<ConfigKey, string?>> known, CancellationToken cancellationToken)
    {
        var stored = new Dictionary<ConfigKey, string?>();
        try
        {
            int pages = await TakeAsync(1).ConfigureAwait(false);
            if (pages * ReadsOfPage > known.Count) return null;

            for (int next = 2; next <= pages; next += PagesInFlight)
            {
                await Task.WhenAll(Enumerable.Range(next, Math.Min(PagesInFlight, pages - next + 1)).Select(TakeAsync)).ConfigureAwait(false);
            }
        }
        catch (AcmException e) when (e.Kind == AcmErrorKind.AccessDenied)
        {
            return null;
        }

        if (stored.Values.Any(md5 => md5 is null)) return null;

        // Paging is not a consistent snapshot: keys that the list lacks are read by name.
        KeyValuePair<ConfigKey, string?>[] lacking = [.. known.Where(pair => pair.Value is not null && !stored.ContainsKey(pair.Key))];
        HashSet<ConfigKey> changed = [.. await ByReadsAsync(link, server, @namespace, lacking, cancellationToken).ConfigureAwait(false)];
        return [.. known.Where(pair => stored.TryGetValue(pair.Key, out string? md5) ? md5 != pair.Value : changed.Contains(pair.Key)).Select(pair => pair.Key)];

        async Task<int> TakeAsync(int page)
        {
            WireResponse response = await link.SendAsync(NacosRequests.List(server, @namespace, NacosSearch.All, page, PageSize), cancellationToken).ConfigureAwait(false);
            ConfigPage found = NacosList.Read(response, server, @namespace, page);
            lock (stored)
            {
                foreach (ConfigItem item in found.Items) stored[item.Key] = item.Md5;
            }

            return found.PagesAvailable;
        }
    }

    private static async Task<IReadOnlyList<ConfigKey>> ByPollAsync(NacosLink link, string @namespace, IReadOnlyList<KeyValuePair<ConfigKey, string?>> known, CancellationToken cancellationToken)
    {
        var body = new NacosListenRequest(@namespace);
        foreach (KeyValuePair<ConfigKey, string?> pair in known) body.Add(pair.Key, pair.Value);
        return NacosPoll.Read(await link.SendAsync(NacosRequests.Poll(@namespace, body, hold: null), cancellationToken).ConfigureAwait(false), @namespace);
    }
}
