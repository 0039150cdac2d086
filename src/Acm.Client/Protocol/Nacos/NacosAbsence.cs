namespace Acm.Client.Protocol.Nacos;

/// <summary>
/// Checks in every available way whether one server has configurations. For minutes after a cold start, a node answers reads with 404, although a listen request with empty MD5s reports what it
/// knows, and its database is complete.
/// </summary>
internal static class NacosAbsence
{
    private const int ReadsInFlight = 8;

    public static async Task<AbsenceTestimony> AskAsync(NacosLink link, NacosServer server, string @namespace, IReadOnlyList<ConfigKey> keys, CancellationToken cancellationToken)
    {
        bool isAlone = server.IsAlone && !link.Restarts.WasSeen;
        var known = new HashSet<ConfigKey>();
        if (server.HasV1) known.UnionWith(await ListenAsync(link, @namespace, keys, cancellationToken).ConfigureAwait(false));

        // A stand-alone server serves what it stores. Without listen requests, another read is needed.
        ConfigKey[] left = isAlone && server.HasV1 ? [] : [.. keys.Where(key => !known.Contains(key))];
        bool sawStored = true;
        for (int next = 0; next < left.Length; next += ReadsInFlight)
        {
            ConfigKey[] some = [.. left.Skip(next).Take(ReadsInFlight)];
            (bool Exists, bool SawStored)[] answers = await Task.WhenAll(some.Select(key => ExistsAsync(link, server, @namespace, key, cancellationToken))).ConfigureAwait(false);
            known.UnionWith(some.Where((_, i) => answers[i].Exists));
            sawStored &= answers.All(answer => answer.SawStored);
        }

        return new AbsenceTestimony([.. keys.Where(known.Contains)], sawStored, isAlone);
    }

    /// <summary>Returns the keys that a server reports to a listen request without MD5s: those that it knows.</summary>
    private static async Task<IReadOnlyList<ConfigKey>> ListenAsync(NacosLink link, string @namespace, IReadOnlyList<ConfigKey> keys, CancellationToken cancellationToken)
    {
        var body = new NacosListenRequest(@namespace);
        foreach (ConfigKey key in keys) body.Add(key, md5: null);
        return NacosPoll.Read(await link.SendAsync(NacosRequests.Poll(@namespace, body, hold: null), cancellationToken).ConfigureAwait(false), @namespace);
    }

    private static async Task<(bool Exists, bool SawStored)> ExistsAsync(NacosLink link, NacosServer server, string @namespace, ConfigKey key, CancellationToken cancellationToken)
    {
        ServerRead read = await NacosGet.StoredAsync(link, server, @namespace, key, cancellationToken).ConfigureAwait(false);
        bool sawStored = read.View != ReadView.Served;
        if (read.Value is not null || !sawStored) return (read.Value is not null, sawStored);

        return (await NacosGet.AskAsync(link, server, @namespace, key, cancellationToken).ConfigureAwait(false) is not null, sawStored);
    }
}
