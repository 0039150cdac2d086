using System.Globalization;
using Acm.Client.Calls;
using Acm.Client.Http;

namespace Acm.Client.Protocol.Diamond;

/// <summary>Creates the requests of the diamond-server protocol exactly as acm-sdk-python 0.4.10 and nodejs-acm-sdk 1.0.1 send them.</summary>
internal static class DiamondRequests
{
    private const string FormType = "application/x-www-form-urlencoded; charset=GBK";
    private const char WordSeparator = '\u0002';

    /// <summary>The poll time of a request that is not held. Without it, some servers return the result in headers (suzuizui/diamond f9a4891).</summary>
    private static readonly TimeSpan ShortPollWish = TimeSpan.FromSeconds(30);

    public static WireRequest AddressList(string? unitName) => new()
    {
        MaxAnswer = 1024 * 1024,
        Kind = CallKind.Address,
        Method = HttpMethod.Get,
        PathAndQuery = unitName is null ? "/diamond-server/diamond" : $"/diamond-server/diamond-unit-{Uri.EscapeDataString(unitName)}?nofix=1",
        Subject = unitName is null ? "the server list" : $"the server list of unit '{unitName}'",
    };

    public static WireRequest Get(string @namespace, ConfigKey key) => new()
    {
        Kind = CallKind.Get,
        Method = HttpMethod.Get,
        PathAndQuery = "/diamond-server/config.co?" + new FormEncoder(128).Add("dataId", key.DataId).Add("group", key.Group).AddTenant(@namespace),
        Subject = key.ToString(),
        Key = key,
        Tenant = @namespace,
        Group = key.Group,
    };

    public static WireRequest BatchGet(string @namespace, string group, IReadOnlyList<ConfigKey> keys) => new()
    {
        Kind = CallKind.BatchGet,
        Method = HttpMethod.Post,
        PathAndQuery = "/diamond-server/config.co?method=batchGetConfig",
        Body = new FormEncoder(64 * keys.Count).Add("dataIds", string.Join(WordSeparator.ToString(), keys.Select(key => key.DataId))).Add("group", group).AddTenant(@namespace).ToBytes(),
        ContentType = FormType,
        Subject = $"{keys.Count} of group {group}",
        Tenant = @namespace,
        Group = group,
    };

    /// <param name="namespace">The namespace of the keys.</param>
    /// <param name="body">The keys. Its buffer is sent without copying.</param>
    /// <param name="hold">How long the server may wait for a change; null for an immediate response.</param>
    public static WireRequest Probe(string @namespace, DiamondListenRequest body, TimeSpan? hold)
    {
        ArraySegment<byte> bytes = body.Bytes;
        string wish = ((long)(hold ?? ShortPollWish).TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        return new()
        {
            Kind = CallKind.Probe,
            Method = HttpMethod.Post,
            PathAndQuery = "/diamond-server/config.co",
            Body = bytes.Array,
            BodyLength = bytes.Count,
            ContentType = FormType,
            Headers = hold is null ? [new("longPullingTimeout", wish), new("longPullingNoHangUp", "true")] : [new("longPullingTimeout", wish)],
            Subject = $"{body.Count} keys",
            Tenant = @namespace,
        };
    }

    /// <summary>Creates a request for the listeners, which only acm-server supports.</summary>
    public static WireRequest Listeners(string @namespace, ConfigKey key) => new()
    {
        Kind = CallKind.List,
        Method = HttpMethod.Get,
        PathAndQuery = "/diamond-server/basestone.do?" + new FormEncoder(128).Add("method", "getListeners").Add("dataId", key.DataId).Add("group", key.Group).AddTenant(@namespace),
        Subject = $"the listeners of '{key}'",
        Key = key,
        Tenant = @namespace,
        Group = key.Group,
    };

    /// <summary>Creates a request for a page of the history, which only acm-server supports.</summary>
    public static WireRequest History(string @namespace, ConfigKey key, int pageNumber, int pageSize) => OfHistory(
        CallKind.List,
        "getHistory",
        query => query.Add("pageNo", pageNumber.ToString(CultureInfo.InvariantCulture)).Add("pageSize", pageSize.ToString(CultureInfo.InvariantCulture)),
        $"page {pageNumber} of the history of '{key}'",
        @namespace,
        key);

    /// <summary>Creates a request for one change and its value, which only acm-server supports.</summary>
    public static WireRequest HistoryItem(string @namespace, ConfigKey key, long id) =>
        OfHistory(CallKind.Get, "getHistoryItem", query => query.Add("id", id.ToString(CultureInfo.InvariantCulture)), key.ToString(), @namespace, key);

    private static WireRequest OfHistory(CallKind kind, string method, Func<FormEncoder, FormEncoder> more, string subject, string @namespace, ConfigKey key) => new()
    {
        Kind = kind,
        Method = HttpMethod.Get,
        PathAndQuery = "/diamond-server/basestone.do?" + more(new FormEncoder(128).Add("method", method).Add("dataId", key.DataId).Add("group", key.Group)).AddTenant(@namespace),
        Subject = subject,
        Key = key,
        Tenant = @namespace,
        Group = key.Group,
    };

    /// <summary>Creates a request with the access key ID but no signature. Its body is malformed, so it has no effect.</summary>
    public static WireRequest NameKey() => new()
    {
        Kind = CallKind.Probe,
        Method = HttpMethod.Post,
        PathAndQuery = "/diamond-server/config.co",
        Body = "Probe-Modify-Request=%"u8.ToArray(),
        ContentType = FormType,
        Headers = [new("longPullingTimeout", "10000"), new("longPullingNoHangUp", "true")],
        Subject = "the access key ID",
        NamesKeyOnly = true,
    };

    public static WireRequest List(string @namespace, int pageNumber, int pageSize) => new()
    {
        Kind = CallKind.List,
        Method = HttpMethod.Get,
        PathAndQuery = "/diamond-server/basestone.do?" + new FormEncoder(128)
            .Add("pageNo", pageNumber.ToString(CultureInfo.InvariantCulture))
            .Add("pageSize", pageSize.ToString(CultureInfo.InvariantCulture))
            .Add("method", "getAllConfigByTenant")
            .AddTenant(@namespace),
        Subject = $"page {pageNumber} of the list",
        Tenant = @namespace,
    };

    public static WireRequest Publish(string @namespace, PublishRequest request)
    {
        (ConfigKey key, byte[] content, ConfigMetadata metadata, PublishCondition condition) = request;
        var form = new FormEncoder((3 * content.Length) + 512);
        form.Add("dataId", key.DataId).Add("group", key.Group).Add("content", content).AddTenant(@namespace);
        if (metadata.EncryptedDataKey is { } dataKey) form.Add("encryptedDataKey", dataKey);

        // These servers store no other metadata, and keep the application name if the field is missing.
        if (metadata.AppName is { Length: > 0 } appName) form.Add("appName", appName);
        if (condition.Kind != PublishConditionKind.None) form.Add("md5", condition.Md5);

        // An extension of acm-server: other servers ignore the field, and an empty md5 is no precondition.
        if (condition.Kind == PublishConditionKind.Absent) form.Add("createOnly", "true");
        return Write(CallKind.Publish, "/diamond-server/basestone.do?method=syncUpdateAll", form, @namespace, key);
    }

    public static WireRequest Remove(string @namespace, ConfigKey key, PublishCondition condition)
    {
        FormEncoder form = new FormEncoder().Add("dataId", key.DataId).Add("group", key.Group).AddTenant(@namespace);

        // An extension of acm-server: other servers ignore the field.
        if (condition.Kind == PublishConditionKind.Unchanged) form.Add("md5", condition.Md5);
        return Write(CallKind.Remove, "/diamond-server/datum.do?method=deleteAllDatums", form, @namespace, key);
    }

    private static WireRequest Write(CallKind kind, string path, FormEncoder form, string @namespace, ConfigKey key) => new()
    {
        Kind = kind,
        Method = HttpMethod.Post,
        PathAndQuery = path,
        Body = form.ToBytes(),
        ContentType = FormType,
        Subject = key.ToString(),
        Key = key,
        Tenant = @namespace,
        Group = key.Group,
    };
}
