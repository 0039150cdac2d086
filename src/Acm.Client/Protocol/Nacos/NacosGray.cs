using System.Text.Json;
using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Text;

namespace Acm.Client.Protocol.Nacos;

/// <summary>Gray releases by IP address (beta) and by tag (tests/Conformance/Recordings: v1.beta, v3admin.beta, v3admin.gray). Servers store only their content.</summary>
internal static class NacosGray
{
    private const string V1 = "/nacos/v1/cs/configs";
    private const string V3 = "/nacos/v3/admin/cs/config";

    public static Task<GrayValue?> ReadAsync(NacosLink link, NacosServer server, string @namespace, ConfigKey key, GrayTarget target, CancellationToken cancellationToken) =>
        target.Tag is { } tag ? ReadTagAsync(link, server, @namespace, key, tag, cancellationToken) : ReadBetaAsync(link, server, @namespace, key, cancellationToken);

    public static async Task<string> PublishAsync(NacosLink link, NacosServer server, string @namespace, PublishRequest request, GrayTarget target, CancellationToken cancellationToken)
    {
        ConfigKey key = request.Key;
        NacosPublish.CheckDataKey(server, request.Metadata);
        FormEncoder form = NacosRequests.Names(server, @namespace, key)
            .Add("content", request.Content)
            .AddGiven("type", request.Metadata.Type)
            .AddGiven("encryptedDataKey", request.Metadata.EncryptedDataKey)
            .AddGiven("tag", target.Tag);
        byte[] body = NacosRequests.Bytes(form, key);
        WireResponse response = await link.SendAsync(
            new WireRequest
            {
                Kind = CallKind.Publish,
                Method = HttpMethod.Post,
                PathAndQuery = server.HasV3 ? V3 : V1,
                Body = body,
                ContentType = NacosRequests.FormType,
                Headers = target.Tag is null ? [new("betaIps", string.Join(",", target.Addresses))] : [],
                Subject = key.ToString(),
                Key = key,
                Tenant = @namespace,
                Group = key.Group,
            },
            cancellationToken).ConfigureAwait(false);
        if (NacosErrors.LacksParameters(response)) throw NacosErrors.FormTooLarge(response, key, body.Length);
        NacosWrite.IsTaken(response, server.HasV3, @namespace, key, $"Publishing {target} of", hasCondition: false);
        link.Session.NoteWrite(@namespace, key);

        // Only client reads return the release of a tag, and these lag behind.
        if (target.Tag is not null) return response.Server;

        GrayValue? beta = await ReadBetaAsync(link, server, @namespace, key, cancellationToken).ConfigureAwait(false);
        if (beta?.Value.Md5 != Md5Hex.Of(request.Content)) throw NotDone(link, key, target, "published", "shows another one");
        if (beta.Addresses.Count > 0 && !new HashSet<string>(beta.Addresses, StringComparer.OrdinalIgnoreCase).SetEquals(target.Addresses)) throw OtherAddresses(link, key, beta.Addresses);

        return response.Server;
    }

    public static async Task<bool> RemoveAsync(NacosLink link, NacosServer server, string @namespace, ConfigKey key, GrayTarget target, CancellationToken cancellationToken)
    {
        bool canRead = target.Tag is null || server.HasV1;
        bool isThere = !canRead || await ReadAsync(link, server, @namespace, key, target, cancellationToken).ConfigureAwait(false) is not null;
        if (!isThere && target.Tag is null) throw NotThere(@namespace, key, target);

        FormEncoder names = NacosRequests.Names(server, @namespace, key).AddGiven("tag", target.Tag);
        string path = target.Tag is not null ? $"{(server.HasV3 ? V3 : V1)}?{names}" : server.HasV3 ? $"{V3}/beta?{names}" : $"{V1}?{names.Add("beta", "true")}";
        WireResponse response = await link.SendAsync(NacosRequests.Request(CallKind.Remove, HttpMethod.Delete, path, @namespace, key), cancellationToken).ConfigureAwait(false);
        link.Session.NoteWrite(@namespace, key);
        if (response.Status is 401 or 403) throw NacosErrors.For(response, @namespace, $"Removing {target} of", key);

        // With embedded storage, 2.5 and 3.0 fail to remove a tag, with different responses, one of them a success (tests/Conformance/Recordings: v1.delete, v3admin.delete).
        if (response.Status != 200 || !IsTrue(NacosAnswer.Of(response))) throw isThere ? NotDone(link, key, target, "removed", "still has it") : NotThere(@namespace, key, target);
        if (!isThere)
        {
            // A release that is new or has no formal content is stored but not served, so the removal was sent nevertheless.
            link.Log.Write(AcmLogLevel.Warning, $"'{key}' in {NamespaceName.Describe(@namespace)} was not served with {target}: there may have been nothing to remove.");
            return true;
        }

        if (canRead && !await IsGoneAsync(link, server, @namespace, key, target, cancellationToken).ConfigureAwait(false)) throw NotDone(link, key, target, "removed", "still has it");
        return true;
    }

    /// <summary>Returns whether a release can no longer be read. A beta is read from the database; a tag as clients are served, which lags behind.</summary>
    private static async Task<bool> IsGoneAsync(NacosLink link, NacosServer server, string @namespace, ConfigKey key, GrayTarget target, CancellationToken cancellationToken)
    {
        for (int pause = 0; await ReadAsync(link, server, @namespace, key, target, cancellationToken).ConfigureAwait(false) is not null; pause++)
        {
            if (target.Tag is null || pause == NacosGet.MostLagPauses) return false;

            await link.Session.PauseAsync(NacosGet.LagPause, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>Returns whether the data of an envelope, or the bare value in the v1 API, is true.</summary>
    private static bool IsTrue(NacosAnswer answer) => answer.Data is { } data ? data.ValueKind == JsonValueKind.True : answer.Text == "true";

    private static async Task<GrayValue?> ReadBetaAsync(NacosLink link, NacosServer server, string @namespace, ConfigKey key, CancellationToken cancellationToken)
    {
        FormEncoder names = NacosRequests.Names(server, @namespace, key);
        string path = server.HasV3 ? $"{V3}/beta?{names}" : $"{V1}?{names.Add("beta", "true")}";
        WireResponse response = await link.SendAsync(NacosRequests.Request(CallKind.Get, HttpMethod.Get, path, @namespace, key), cancellationToken).ConfigureAwait(false);
        var answer = NacosAnswer.Of(response);
        if (answer.Code == NacosErrors.NotFound || (response.Status == 200 && answer is { Code: 0 or 200, Data: null })) return null;
        if (response.Status != 200 || answer.Code is not (0 or 200) || answer.Data is not { ValueKind: JsonValueKind.Object } data) throw NacosErrors.For(response, @namespace, "Reading the beta version of", key);

        return new GrayValue(NacosRead.Value(response, key, data, ConfigMetadata.None, "modifyTime"), Addresses(data));
    }

    private static async Task<GrayValue?> ReadTagAsync(NacosLink link, NacosServer server, string @namespace, ConfigKey key, string tag, CancellationToken cancellationToken)
    {
        // The v3 calls ignore the tag and return the formal content.
        if (!server.HasV1) throw NacosErrors.Missing(server, "read the version of a tag", "A client that asks with the tag reads it.");

        string path = V1 + "?" + new FormEncoder(128).Add("dataId", key.DataId).Add("group", key.Group).AddTenant(@namespace).Add("tag", tag);
        WireResponse response = await link.SendAsync(NacosRequests.Request(CallKind.Get, HttpMethod.Get, path, @namespace, key), cancellationToken).ConfigureAwait(false);
        return NacosRead.Plain(response, server, @namespace, key) is { } value ? new GrayValue(value, []) : null;
    }

    /// <summary>Returns the addresses: a list, or since 2.5 a rule in JSON that contains it.</summary>
    private static string[] Addresses(JsonElement data)
    {
        string list = JsonText.Text(data, "betaIps") ?? "";
        if (list.Length == 0 && JsonText.Text(data, "grayRule") is { Length: > 0 } rule)
        {
            try
            {
                using var document = JsonDocument.Parse(rule);
                list = JsonText.Text(document.RootElement, "expr") ?? "";
            }
            catch (JsonException)
            {
                // A rule of an unknown format; the content is usable without it.
            }
        }

        return [.. list.Split(',').Select(address => address.Trim()).Where(address => address.Length > 0)];
    }

    /// <summary>Returns the error for 2.0.3, which replaces the content of a beta release but keeps its addresses (tests/Conformance/Recordings: v1.beta).</summary>
    private static AcmException OtherAddresses(NacosLink link, ConfigKey key, IReadOnlyList<string> addresses) =>
        new(AcmErrorKind.CapabilityMissing, $"{link.Server} stored the content of the beta version of '{key}', and not its addresses: the beta version still goes to {string.Join(", ", addresses)}.")
        {
            Key = key,
            Advice = "Remove the beta version, then publish the new one.",
            IsFinal = true,
        };

    private static AcmException NotThere(string @namespace, ConfigKey key, GrayTarget target) =>
        new(AcmErrorKind.ConfigNotFound, $"'{key}' in {NamespaceName.Describe(@namespace)} does not have {target}.") { Key = key, IsFinal = true };

    private static AcmException NotDone(NacosLink link, ConfigKey key, GrayTarget target, string done, string shows) =>
        new(AcmErrorKind.CapabilityMissing, $"{link.Server} ignored the request: {target} of '{key}' was not {done}. It {shows}.")
        {
            Key = key,
            Advice = target.Tag is null ? "Read it again later." : "Nacos 2.5 and 3.0 with embedded storage can't remove the version of a tag. Publish the formal content with the tag, so that its clients receive it.",
            IsFinal = true,
        };
}
