using Acm.Server.Dialects.Nacos.V1;
using Acm.Server.Http;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos.V2;

/// <summary>The configuration calls of the v2 API: get, publish, remove, search.</summary>
internal sealed class V2Configs(ConfigOperations operations, IErrorFormat errors)
{
    private const string Path = "/v2/cs/config";

    public IEnumerable<Route> Routes() =>
    [
        new("GET", Path, errors, call => Task.FromResult(Get(call))),
        new("POST", Path, errors, PublishAsync) { Access = Access.Write },
        new("DELETE", Path, errors, RemoveAsync) { Access = Access.Write },
        new("GET", Path + "/searchDetail", errors, call => Task.FromResult(Search(call, blur: true))) { NamespaceParameter = "tenant", Filter = NameFilter.None },
        new("GET", Path + "/searchDetail", errors, call => Task.FromResult(Search(call, blur: false))) { NamespaceParameter = "tenant", When = "search=accurate" },
    ];

    private Answer Get(NacosCall call)
    {
        ConfigKey key = ConfigOperations.Key(call.Required("dataId"), call.Required("group"), call.Tenant);
        string tag = call.TextOrBlank("tag");
        NameRules.CheckTag(tag);
        if (operations.Get(key, call.ClientAddress, tag.Trim(), call.Header("Vipserver-Tag")) is not { } entry)
        {
            return new Answer { Status = 404, ContentType = "", Body = """{"code":20004,"message":"resource not found","data":"config data not exist"}"""u8.ToArray().Append((byte)'\n').ToArray() };
        }

        (byte[] content, string md5) = operations.Read(entry);
        return new Answer
        {
            ContentType = "application/json;charset=UTF-8",
            Body = Envelope.Success(json => json.WriteStringValue(content)).Body,
            ContentMd5 = md5,
            LastModified = entry.LastModified,
            NeverCached = true,
            Headers = [("Config-Type", operations.TypeOf(entry, key)), .. operations.VersionHeaders(entry, tag)],
        };
    }

    private async Task<Answer> PublishAsync(NacosCall call)
    {
        PublishRequest request = PublishRequest.Of(call, call.NotBlank("dataId"), call.NotBlank("group"), call.NotBlank("content")) with
        {
            User = call["srcUser"] ?? call.User,
            ConfigTags = call["configTags"],
        };
        await operations.PublishAsync(request, call.ClientGone).ConfigureAwait(false);
        return Envelope.True;
    }

    private async Task<Answer> RemoveAsync(NacosCall call)
    {
        ConfigKey key = ConfigOperations.Key(call.Required("dataId"), call.Required("group"), call.Tenant);
        await operations.RemoveTaggedAsync(key, call).ConfigureAwait(false);
        return Envelope.True;
    }

    private Answer Search(NacosCall call, bool blur)
    {
        ConfigQuery query = V1Search.Query(call, blur, operations.Generation);
        string detail = call.Required("config_detail");
        call.Required("search");
        if (!string.IsNullOrWhiteSpace(detail)) query = query with { Content = blur ? TextMatch.Like(detail) : TextMatch.LikeWithoutStar(detail) };
        query = query with { Types = [] };
        Paging paging;
        try
        {
            paging = Paging.Of(call);
        }
        catch (FaultException fault) when (fault.Fault == Fault.BadPage)
        {
            return Envelope.Failure(503, 30000, "server error", "errCode: 503, errMsg: server limit match. ");
        }

        return V1Search.Page(operations, Envelope.ContentType, query, paging, blur);
    }
}
