using System.Globalization;
using Acm.Client.Calls;
using Acm.Client.Http;

namespace Acm.Client.Protocol.Nacos;

/// <summary>Creates requests of the v1 and v3 APIs. The public namespace is not sent: for 1.x and 2.x "public" is a different namespace.</summary>
internal static class NacosRequests
{
    public const string FormType = "application/x-www-form-urlencoded; charset=UTF-8";

    /// <summary>Maximum form size. Servers drop a larger form as a whole and report a missing parameter.</summary>
    public const int LargestForm = 2 * 1024 * 1024;

    /// <summary>Limit of a list page; lists of 1.x and 2.x contain the content.</summary>
    private const int LargestPage = 256 * 1024 * 1024;

    private const string V1Configs = "/nacos/v1/cs/configs";
    private const string V3Configs = "/nacos/v3/admin/cs/config";
    private const string V3Client = "/nacos/v3/client/cs/config";

    /// <summary>Creates the request for an address server: its list, or that of a named cluster (<c>endpointClusterName</c> of the Java client).</summary>
    public static WireRequest AddressList(string? cluster) => new()
    {
        MaxAnswer = 1024 * 1024,
        Kind = CallKind.Address,
        Method = HttpMethod.Get,
        PathAndQuery = "/nacos/" + (cluster is null ? "serverlist" : Uri.EscapeDataString(cluster)),
        Subject = cluster is null ? "the server list" : $"the server list of cluster '{cluster}'",
    };

    public static WireRequest Get(NacosServer server, string @namespace, ConfigKey key) =>
        Request(CallKind.Get, HttpMethod.Get, server.HasV3 ? V3Client + "?" + NewNames(@namespace, key) : V1Configs + "?" + OldNames(@namespace, key), @namespace, key);

    /// <summary>Creates the request for a stored value with all metadata.</summary>
    public static WireRequest Detail(NacosServer server, string @namespace, ConfigKey key) =>
        Request(CallKind.Get, HttpMethod.Get, server.HasV3 ? V3Configs + "?" + NewNames(@namespace, key) : V1Configs + "?" + new FormEncoder(128).Add("show", "all").Add("dataId", key.DataId).Add("group", key.Group).AddTenant(@namespace), @namespace, key);

    /// <param name="server">What is known about the server.</param>
    /// <param name="namespace">The namespace.</param>
    /// <param name="search">What the server preselects.</param>
    /// <param name="pageNumber">The page, starting at 1.</param>
    /// <param name="pageSize">The page size.</param>
    public static WireRequest List(NacosServer server, string @namespace, NacosSearch search, int pageNumber, int pageSize)
    {
        FormEncoder query = new FormEncoder(128).Add("search", search.IsPattern ? "blur" : "accurate");
        query = server.HasV3
            ? query.AddGiven("dataId", search.DataId).AddGiven("groupName", search.Group).AddGiven("namespaceId", @namespace.Length == 0 ? null : @namespace)
            : query.Add("dataId", search.DataId ?? "").Add("group", search.Group ?? "").AddTenant(@namespace);
        query.AddGiven("appName", search.AppName).AddGiven(server.HasV3 ? "configTags" : "config_tags", search.Tag).AddGiven(server.HasV3 ? "type" : "types", search.Types);
        query.Add("pageNo", Number(pageNumber)).Add("pageSize", Number(pageSize));
        return new WireRequest
        {
            Kind = CallKind.List,
            Method = HttpMethod.Get,
            PathAndQuery = (server.HasV3 ? V3Configs + "/list?" : V1Configs + "?") + query,
            MaxAnswer = server.HasV3 ? HttpExchange.MaxAnswer : LargestPage,
            Subject = $"page {Number(pageNumber)} of the list",
            Tenant = @namespace,
        };
    }

    /// <summary>Creates the request that changes description and tags only. Both are sent, because servers may clear a missing one.</summary>
    public static WireRequest ChangeMetadata(string @namespace, ConfigKey key, ConfigMetadata metadata) => new()
    {
        Kind = CallKind.Publish,
        Method = HttpMethod.Put,
        PathAndQuery = V3Configs + "/metadata",
        Body = NewNames(@namespace, key).Add("desc", metadata.Description ?? "").Add("configTags", metadata.Tags ?? "").ToBytes(),
        ContentType = FormType,
        Subject = key.ToString(),
        Key = key,
        Tenant = @namespace,
        Group = key.Group,
    };

    /// <param name="isV3">Whether it uses the admin calls.</param>
    /// <param name="namespace">The namespace.</param>
    /// <param name="request">The configuration. Metadata that it does not specify is reset.</param>
    /// <param name="casMd5">The MD5 that the stored value must have; null for no precondition, as an empty one would be.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.ContentTooLarge"/>: the form exceeds the limit.</exception>
    public static WireRequest Publish(bool isV3, string @namespace, PublishRequest request, string? casMd5)
    {
        (ConfigKey key, byte[] content, ConfigMetadata metadata, _) = request;
        FormEncoder form = (isV3 ? NewNames(@namespace, key, content.Length + 256) : OldNames(@namespace, key, content.Length + 256))
            .Add("content", content)
            .AddGiven("type", metadata.Type)
            .AddGiven("desc", OrAbsent(metadata.Description))
            .AddGiven("use", OrAbsent(metadata.Use))
            .AddGiven("effect", OrAbsent(metadata.Rest))
            .AddGiven("schema", OrAbsent(metadata.Schema))
            .AddGiven("appName", metadata.AppName)
            .AddGiven(isV3 ? "configTags" : "config_tags", metadata.Tags)
            .AddGiven("encryptedDataKey", metadata.EncryptedDataKey);
        return new WireRequest
        {
            Kind = CallKind.Publish,
            Method = HttpMethod.Post,
            PathAndQuery = isV3 ? V3Configs : V1Configs,
            Body = Bytes(form, key),
            ContentType = FormType,
            Headers = casMd5 is null ? [] : [new("casMd5", casMd5)],
            Subject = key.ToString(),
            Key = key,
            Tenant = @namespace,
            Group = key.Group,
        };
    }

    /// <summary>Returns the bytes of a form with content.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.ContentTooLarge"/>: the form exceeds the limit.</exception>
    public static byte[] Bytes(FormEncoder form, ConfigKey key)
    {
        if (form.Length > LargestForm)
        {
            throw new AcmException(AcmErrorKind.ContentTooLarge, $"'{key}' cannot be published: its request has {Number(form.Length)} bytes, but a Nacos server accepts at most {Number(LargestForm)}. Characters other than Latin letters and digits count as three bytes or more.")
            {
                Key = key,
                Advice = "Split the configuration.",
                IsFinal = true,
            };
        }

        return form.ToBytes();
    }

    public static WireRequest Remove(bool isV3, string @namespace, ConfigKey key) =>
        Request(CallKind.Remove, HttpMethod.Delete, isV3 ? V3Configs + "?" + NewNames(@namespace, key) : V1Configs + "?" + OldNames(@namespace, key), @namespace, key);

    /// <param name="namespace">The namespace of the keys, by which servers check the permission.</param>
    /// <param name="body">The keys. Its buffer is sent without copying.</param>
    /// <param name="hold">How long the server may wait for a change; null for an immediate response.</param>
    public static WireRequest Poll(string @namespace, NacosListenRequest body, TimeSpan? hold)
    {
        // Without a time-out it is a short poll, whose result some versions return in headers and others not at all.
        KeyValuePair<string, string> time = new("Long-Pulling-Timeout", Number((long)(hold ?? TimeSpan.FromSeconds(30)).TotalMilliseconds));
        return new WireRequest
        {
            Kind = CallKind.Probe,
            Method = HttpMethod.Post,
            PathAndQuery = V1Configs + "/listener" + (@namespace.Length == 0 ? "" : "?" + new FormEncoder(64).AddTenant(@namespace)),
            Body = body.Bytes,
            ContentType = FormType,
            Headers = hold is null ? [time, new("Long-Pulling-Timeout-No-Hangup", "true")] : [time],
            Subject = $"{Number(body.Count)} keys",
        };
    }

    /// <summary>Creates a request about one configuration.</summary>
    public static WireRequest Request(CallKind kind, HttpMethod method, string pathAndQuery, string @namespace, ConfigKey key) => new()
    {
        Kind = kind,
        Method = method,
        PathAndQuery = pathAndQuery,
        Subject = key.ToString(),
        Key = key,
        Tenant = @namespace,
        Group = key.Group,
    };

    /// <summary>Encodes the name of a configuration with the parameter names of the server's admin API.</summary>
    public static FormEncoder Names(NacosServer server, string @namespace, ConfigKey key) => server.HasV3 ? NewNames(@namespace, key) : OldNames(@namespace, key);

    private static FormEncoder OldNames(string @namespace, ConfigKey key, int capacity = 128) => new FormEncoder(capacity).Add("dataId", key.DataId).Add("group", key.Group).AddTenant(@namespace);

    private static FormEncoder NewNames(string @namespace, ConfigKey key, int capacity = 128) =>
        new FormEncoder(capacity).Add("dataId", key.DataId).Add("groupName", key.Group).AddGiven("namespaceId", @namespace.Length == 0 ? null : @namespace);

    /// <summary>Omits an empty field: a missing one is cleared, an empty one would be stored as empty text.</summary>
    private static string? OrAbsent(string? value) => string.IsNullOrEmpty(value) ? null : value;

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
