using System.Text.Json;
using Acm.Client.Http;
using Acm.Client.Text;

namespace Acm.Client.Protocol.Diamond;

/// <summary>Reads the listeners of a configuration, which acm-server supports and Alibaba Cloud's servers do not.</summary>
internal static class DiamondListeners
{
    public static IReadOnlyList<ConfigListener> Read(WireResponse response, string @namespace, ConfigKey key)
    {
        // Other servers reject an unknown method as a bad request.
        if (response.Status is 400 or 404 or 405) throw Missing(response);
        if (response.Status != 200) throw DiamondErrors.For(response, @namespace, "Listing the listeners of", key);

        using JsonDocument? document = DiamondJson.Parse(response, out _);
        if (document is null || document.RootElement.ValueKind != JsonValueKind.Object || !JsonText.TryGet(document.RootElement, "listeners", out JsonElement list) || list.ValueKind != JsonValueKind.Array) throw Missing(response);

        var listeners = new List<ConfigListener>();
        foreach (JsonElement item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object || item.Text("address") is not { } address) throw DiamondErrors.Garbled(response, "a listener has no address", key);

            listeners.Add(new ConfigListener
            {
                DataId = key.DataId,
                Group = key.Group,
                Namespace = @namespace,
                Address = address,
                AppName = item.Text("appName") ?? "",
                Since = JsonText.TryGet(item, "since", out JsonElement since) && since.ValueKind == JsonValueKind.Number && since.TryGetInt64(out long milliseconds) ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null,
                Md5 = item.Text("md5") is { } md5 && Md5Hex.IsValid(md5) ? md5.ToLowerInvariant() : null,
                IsCurrent = JsonText.TryGet(item, "isCurrent", out JsonElement current) && current.ValueKind == JsonValueKind.True,
            });
        }

        return listeners;
    }

    private static AcmException Missing(WireResponse response) => new(AcmErrorKind.CapabilityMissing, $"{response.Server} does not report listeners.")
    {
        Advice = "Use a server that does, such as acm-server.",
        IsFinal = true,
    };
}
