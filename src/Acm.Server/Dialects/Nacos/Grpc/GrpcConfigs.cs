using System.Text.Json;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos.Grpc;

/// <summary>Handles the configuration requests of clients: query, publish and remove.</summary>
internal sealed class GrpcConfigs(ConfigOperations operations, LargeAnswers large)
{
    private const string QueryAnswer = "ConfigQueryResponse";
    private const string PublishAnswer = "ConfigPublishResponse";
    private const string RemoveAnswer = "ConfigRemoveResponse";
    private const int Absent = 300;

    public IEnumerable<(string Type, GrpcHandler Handler)> Handlers() =>
    [
        ("ConfigQueryRequest", new GrpcHandler(QueryAnswer, Access.Read, QueryAsync) { Namespaces = Namespaces, MembersOfFailure = WriteNothingFound }),
        ("ConfigPublishRequest", new GrpcHandler(PublishAnswer, Access.Write, PublishAsync) { Namespaces = Namespaces }),
        ("ConfigRemoveRequest", new GrpcHandler(RemoveAnswer, Access.Write, RemoveAsync) { Namespaces = Namespaces }),
    ];

    private static void WriteNothingFound(GrpcCall call, Utf8JsonWriter json)
    {
        json.WriteNumber("lastModified"u8, 0);

        // The request may have failed because of an invalid tag.
        if (call.Body.TryGetProperty("tag"u8, out JsonElement tag) && GrpcCall.TextOrNull(tag) is { Length: > 0 } text) json.WriteString("tag"u8, text);
        json.WriteBoolean("beta"u8, false);
    }

    private async ValueTask<byte[]> QueryAsync(GrpcCall call)
    {
        ConfigKey key = Key(call);
        operations.Limits.Count(call, isWrite: false, key);
        string tag = call["tag"]?.Trim() ?? "";
        NameRules.CheckTag(tag);
        ConfigEntry entry = operations.Get(key, call.ClientAddress, tag, preferredTag: "") ?? throw new GrpcFault(Absent, "config data not exist");
        if (entry.Length > LargeAnswers.SmallBytes) call.HoldUntilSent(await large.EnterAsync(call.Abort, call.ClientGone).ConfigureAwait(false));
        (byte[] content, string md5) = operations.Read(entry);
        return GrpcAnswer.Succeeded(QueryAnswer, json =>
        {
            json.WriteString("content"u8, content);
            if (entry.Rule is null) json.WriteString("encryptedDataKey"u8, entry.Metadata.EncryptedDataKey ?? "");
            json.WriteString("contentType"u8, operations.TypeOf(entry, key));
            json.WriteString("md5"u8, md5);
            json.WriteNumber("lastModified"u8, entry.ModifiedAt.ToUnixTimeMilliseconds());
            if (tag.Length > 0 && entry.Rule is { IsBeta: false }) json.WriteString("tag"u8, tag);
            json.WriteBoolean("beta"u8, entry.Rule?.IsBeta == true);
        });
    }

    private async ValueTask<byte[]> PublishAsync(GrpcCall call)
    {
        operations.Limits.Count(call, isWrite: true, Key(call));
        JsonElement more = call.Body.TryGetProperty("additionMap", out JsonElement map) && map.ValueKind == JsonValueKind.Object ? map : default;
        string? Addition(string name) => more.ValueKind == JsonValueKind.Object ? GrpcCall.Text(more, name) : null;
        string? content = call["content"];
        if (content is null) throw FaultException.BadValue("content is blank : null");

        await operations.PublishAsync(
            new PublishRequest(call.Required("dataId"), call.Required("group"), TenantOf(call), content)
            {
                Type = Addition("type"),
                Tag = Addition("tag"),
                AppName = Addition("appName"),
                User = Addition("src_user"),
                ConfigTags = Addition("config_tags"),
                Description = Addition("desc"),
                Use = Addition("use"),
                Effect = Addition("effect"),
                Schema = Addition("schema"),
                EncryptedDataKey = Addition("encryptedDataKey"),
                BetaIps = Addition("betaIps") ?? "",
                CasMd5 = call["casMd5"] ?? "",
                ClientAddress = call.ClientAddress,
                AccessKey = call.AccessKey,
            },
            call.ClientGone).ConfigureAwait(false);
        return GrpcAnswer.Succeeded(PublishAnswer);
    }

    private async ValueTask<byte[]> RemoveAsync(GrpcCall call)
    {
        ConfigKey key = Key(call);
        operations.Limits.Count(call, isWrite: true, key);

        // Nacos 2.5.1 and 3.0.3 fail to remove a tag version over gRPC (recorded).
        if (!string.IsNullOrWhiteSpace(call["tag"]))
            throw new GrpcFault(0, "Cannot invoke \"com.alibaba.nacos.config.server.model.ConfigInfoGrayWrapper.getId()\" because \"oldConfigAllInfo4Gray\" is null");

        await operations.RemoveAsync(key, "", call).ConfigureAwait(false);
        return GrpcAnswer.Succeeded(RemoveAnswer);
    }

    private ConfigKey Key(GrpcCall call) => ConfigOperations.Key(call.Required("dataId"), call.Required("group"), TenantOf(call));

    private IEnumerable<string> Namespaces(GrpcCall call) => [ConfigOperations.Tenant(TenantOf(call))];

    // Nacos 2 accepts two more names for the public namespace. The signature covers the name as sent.
    private string? TenantOf(GrpcCall call) =>
        call["tenant"] is { } tenant && (operations.Generation != Generation.Two || tenant.ToUpperInvariant() is not ("PUBLIC" or "NULL")) ? tenant : null;
}
