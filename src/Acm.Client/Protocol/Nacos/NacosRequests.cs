using System.Globalization;
using Acm.Client.Calls;
using Acm.Client.Http;

namespace Acm.Client.Protocol.Nacos;

/// <summary>The requests of the v1 and v3 calls (protocol reference, sections 2 and 4). The public namespace is not sent: to 1.x and 2.x its name is another one's.</summary>
internal static class NacosRequests
{
    public const string FormType = "application/x-www-form-urlencoded; charset=UTF-8";

    /// <summary>Servers drop a larger form as a whole, and complain of what is then missing.</summary>
    public const int LargestForm = 2 * 1024 * 1024;

    /// <summary>Lists of 1.x and 2.x carry the contents.</summary>
    private const int LargestPage = 256 * 1024 * 1024;

    private const string V1Configs = "/nacos/v1/cs/configs";
    private const string V3Configs = "/nacos/v3/admin/cs/config";
    private const string V3Client = "/nacos/v3/client/cs/config";

    /// <summary>What an address server is asked for: its list, or that of a cluster by name (Java's <c>endpointClusterName</c>).</summary>
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

    /// <summary>What is stored, with all that is stored beside the content.</summary>
    public static WireRequest Detail(NacosServer server, string @namespace, ConfigKey key) =>
        Request(CallKind.Get, HttpMethod.Get, server.HasV3 ? V3Configs + "?" + NewNames(@namespace, key) : V1Configs + "?" + new FormEncoder(128).Add("show", "all").Add("dataId", key.DataId).Add("group", key.Group).AddTenant(@namespace), @namespace, key);

    /// <param name="server">Whose calls.</param>
    /// <param name="namespace">The namespace.</param>
    /// <param name="search">What the server is to preselect.</param>
    /// <param name="pageNumber">From 1.</param>
    /// <param name="pageSize">Items a page.</param>
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

    /// <summary>Changes description and tags alone; both are sent, since what is not sent may be cleared.</summary>
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

    /// <param name="isV3">Whether it goes to the calls for administrators.</param>
    /// <param name="namespace">Where.</param>
    /// <param name="request">What to store. What its metadata does not name is reset.</param>
    /// <param name="casMd5">The MD5 that the server is to find stored; null for no condition. A blank one would be none.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.ContentTooLarge"/>.</exception>
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

    /// <summary>The bytes of a form with a content.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.ContentTooLarge"/>.</exception>
    public static byte[] Bytes(FormEncoder form, ConfigKey key)
    {
        if (form.Length > LargestForm)
        {
            throw new AcmException(AcmErrorKind.ContentTooLarge, $"'{key}' cannot be published: its request has {Number(form.Length)} bytes, more than the {Number(LargestForm)} that a Nacos server reads. Characters other than Latin letters and digits count as three bytes or more.")
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

    /// <param name="namespace">The namespace of all the keys, by which the right to it is checked.</param>
    /// <param name="body">The keys. The request sends its buffer as it is.</param>
    /// <param name="hold">How long the server is to wait for a change; null for not at all.</param>
    public static WireRequest Poll(string @namespace, NacosListenRequest body, TimeSpan? hold)
    {
        // Without a time it is a short poll, whose answer some versions put into headers and others nowhere.
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

    /// <summary>A request about one configuration.</summary>
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

    /// <summary>The names of a configuration in the parameters of the family that is used to administer it.</summary>
    public static FormEncoder Names(NacosServer server, string @namespace, ConfigKey key) => server.HasV3 ? NewNames(@namespace, key) : OldNames(@namespace, key);

    private static FormEncoder OldNames(string @namespace, ConfigKey key, int capacity = 128) => new FormEncoder(capacity).Add("dataId", key.DataId).Add("group", key.Group).AddTenant(@namespace);

    private static FormEncoder NewNames(string @namespace, ConfigKey key, int capacity = 128) =>
        new FormEncoder(capacity).Add("dataId", key.DataId).Add("groupName", key.Group).AddGiven("namespaceId", @namespace.Length == 0 ? null : @namespace);

    /// <summary>A field that is not sent is cleared. An empty one would be stored as empty text.</summary>
    private static string? OrAbsent(string? value) => string.IsNullOrEmpty(value) ? null : value;

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
