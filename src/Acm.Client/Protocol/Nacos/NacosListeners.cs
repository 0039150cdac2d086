using System.Text.Json;
using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Text;

namespace Acm.Client.Protocol.Nacos;

/// <summary>Reads listeners by configuration or by address (tests/Conformance/Recordings: v1.listeners, v3admin.listeners). Servers report only addresses and MD5s.</summary>
internal static class NacosListeners
{
    private const int ReadsInFlight = 8;

    public static async Task<IReadOnlyList<ConfigListener>> OfKeyAsync(NacosLink link, NacosServer server, string @namespace, ConfigKey key, CancellationToken cancellationToken)
    {
        string path = (server.HasV3 ? "/nacos/v3/admin/cs/config/listener?" : "/nacos/v1/cs/configs/listener?") + NacosRequests.Names(server, @namespace, key);
        WireResponse response = await link.SendAsync(NacosRequests.Request(CallKind.List, HttpMethod.Get, path, @namespace, key), cancellationToken).ConfigureAwait(false);
        (string Address, string Md5)[] found = [.. Read(response, server, @namespace, key)];
        if (found.Length == 0) return [];

        string? md5 = (await NacosGet.StoredAsync(link, server, @namespace, key, cancellationToken).ConfigureAwait(false)).Value?.Md5;
        return [.. found.Select(listener => Listener(@namespace, key, listener.Address, listener.Md5, md5))];
    }

    public static async Task<IReadOnlyList<ConfigListener>> OfAddressAsync(NacosLink link, NacosServer server, string @namespace, string address, CancellationToken cancellationToken)
    {
        FormEncoder query = new FormEncoder(64).Add("ip", address).Add("all", "true");
        string path = server.HasV3
            ? "/nacos/v3/admin/cs/listener?" + query.AddGiven("namespaceId", @namespace.Length == 0 ? null : @namespace)
            : "/nacos/v1/cs/listener?" + query.AddTenant(@namespace);
        var request = new WireRequest { Kind = CallKind.List, Method = HttpMethod.Get, PathAndQuery = path, Subject = $"what {address} listens to", Tenant = @namespace };
        WireResponse response = await link.SendAsync(request, cancellationToken).ConfigureAwait(false);
        (ConfigKey Key, string Md5)[] found = [.. Read(response, server, @namespace, key: null)
            .Select(pair => (Key: KeyOf(pair.Name, @namespace), pair.Md5))
            .Where(pair => pair.Key is not null)
            .Select(pair => (pair.Key!, pair.Md5))];
        var listeners = new List<ConfigListener>();
        for (int next = 0; next < found.Length; next += ReadsInFlight)
        {
            (ConfigKey Key, string Md5)[] some = [.. found.Skip(next).Take(ReadsInFlight)];
            ServerRead[] reads = await Task.WhenAll(some.Select(pair => NacosGet.StoredAsync(link, server, @namespace, pair.Key, cancellationToken))).ConfigureAwait(false);
            listeners.AddRange(some.Select((pair, i) => Listener(@namespace, pair.Key, address, pair.Md5, reads[i].Value?.Md5)));
        }

        return listeners;
    }

    /// <summary>Reads the members of the object that both APIs return, one per listener or key.</summary>
    private static IEnumerable<(string Name, string Md5)> Read(WireResponse response, NacosServer server, string @namespace, ConfigKey? key)
    {
        var answer = NacosAnswer.Of(response);
        JsonElement? found = server.HasV3 ? answer.Code == 0 ? answer.Data : null : answer.Root;

        // "lisenters" is misspelled in the protocol.
        if (response.Status != 200 || found is not { } root || !JsonText.TryGet(root, server.HasV3 ? "listenersStatus" : "lisentersGroupkeyStatus", out JsonElement list) || list.ValueKind != JsonValueKind.Object)
            throw NacosErrors.For(response, @namespace, key is null ? "Listing what listens" : "Listing the listeners of", key);

        return list.EnumerateObject().Select(member => (member.Name, JsonText.Text(member.Value) ?? ""));
    }

    /// <summary>Parses a member named <c>dataId+group</c> or <c>dataId+group+namespace</c>; returns null for another namespace.</summary>
    private static ConfigKey? KeyOf(string name, string @namespace)
    {
        string[] parts = name.Split('+');
        return parts.Length is 2 or 3 && NamespaceName.Normalize(parts.Length == 3 ? parts[2] : "") == @namespace ? new ConfigKey(parts[0], parts[1]) : null;
    }

    private static ConfigListener Listener(string @namespace, ConfigKey key, string address, string md5, string? current) => new()
    {
        DataId = key.DataId,
        Group = key.Group,
        Namespace = @namespace,
        Address = address,
        Md5 = Md5Hex.IsValid(md5) ? md5.ToLowerInvariant() : null,
        IsCurrent = string.Equals(md5, current ?? "", StringComparison.OrdinalIgnoreCase),
    };
}
