using Acm.Server.Http;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos.V1;

/// <summary>The configuration calls of clients: get, publish, remove.</summary>
internal sealed class V1Configs(ConfigOperations operations, IErrorFormat errors)
{
    public const string Path = "/v1/cs/configs";

    private Generation Generation => operations.Generation;

    public IEnumerable<Route> Routes() =>
    [
        new("POST", Path, errors, PublishAsync) { Access = Access.Write },
        new("DELETE", Path, errors, RemoveAsync) { Access = Access.Write },
        new("GET", Path, errors, call => Task.FromResult(Get(call))),
    ];

    private Answer Get(NacosCall call)
    {
        string dataId = call.Required("dataId");
        string group = call.Required("group");
        string tag = call.TextOrBlank("tag");
        NameRules.CheckTag(tag);
        string preferredTag = call.Header("Vipserver-Tag");
        ConfigKey key = ConfigOperations.Key(dataId, group, call.Tenant);
        if (operations.Get(key, call.ClientAddress, tag.Trim(), preferredTag) is not { } entry) return Absent(call, key);

        (byte[] content, string md5) = operations.Read(entry);
        string type = operations.TypeOf(entry, key);
        return new Answer
        {
            ContentType = ContentType(type),
            Body = content,
            ContentMd5 = md5,
            LastModified = entry.LastModified,
            NeverCached = true,
            Headers = [("Config-Type", type), .. operations.VersionHeaders(entry, tag)],
        };
    }

    // Nacos 1 sends the type even if the configuration has no version for this client.
    private Answer Absent(NacosCall call, ConfigKey key)
    {
        bool isKnown = Generation == Generation.One && operations.Store.Index.FindSlot(key) is { } slot && (slot.Current is not null || slot.Grays.Any(version => !version.IsDormant));
        return new Answer
        {
            Status = 404,
            ContentType = isKnown ? "text/plain;charset=UTF-8" : ErrorPages.DefaultType(call),
            Headers = isKnown ? [("Config-Type", "text")] : [],
            Body = "config data not exist\n"u8.ToArray(),
        };
    }

    private string ContentType(string type) => (Generation, type) switch
    {
        (Generation.One, "json") => "application/json;charset=UTF-8",
        (Generation.One, "xml") => "application/xml;charset=UTF-8",
        (Generation.One, "html") => "text/html;charset=UTF-8",
        _ => "text/plain;charset=UTF-8",
    };

    private async Task<Answer> PublishAsync(NacosCall call)
    {
        PublishRequest request = PublishRequest.Of(call, call.Required("dataId"), call.Required("group"), call.Required("content")) with
        {
            User = (Generation > Generation.One ? call["src_user"] : null) ?? call.User,
            ConfigTags = call["config_tags"],
        };
        await operations.PublishAsync(request, call.ClientGone).ConfigureAwait(false);
        return V1Answer.Json(call, "true");
    }

    private async Task<Answer> RemoveAsync(NacosCall call)
    {
        ConfigKey key = ConfigOperations.Key(call.Required("dataId"), call.Required("group"), call.Tenant);
        await operations.RemoveTaggedAsync(key, call).ConfigureAwait(false);
        return V1Answer.Json(call, "true");
    }
}
