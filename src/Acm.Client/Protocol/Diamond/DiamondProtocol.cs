using System.Globalization;
using System.Text;
using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Text;

namespace Acm.Client.Protocol.Diamond;

/// <summary>The dialect of Alibaba Cloud ACM: the diamond-server HTTP protocol.</summary>
internal sealed class DiamondProtocol : IConfigProtocol
{
    private const string FormType = "application/x-www-form-urlencoded; charset=GBK";
    private const char WordSeparator = '\u0002';

    /// <summary>Old servers put the answer to a short poll into headers for clients below 2.0.4 (protocol reference, section 7), so this is above it.</summary>
    private const string ClientVersion = "3.1.0";

    /// <summary>Without a time a poll is of an older kind, which some servers answer in headers (protocol reference, section 7).</summary>
    private static readonly TimeSpan ShortPollWish = TimeSpan.FromSeconds(30);

    private readonly NameRules _names;
    private readonly bool _allowEuroSign;

    public DiamondProtocol(bool allowUnicodeName, bool allowEuroSign)
    {
        _names = new NameRules(allowUnicodeName);
        _allowEuroSign = allowEuroSign;
    }

    public string Name => "ACM";

    public int MaxBatchSize => 100;

    public string ContentCharset => "gbk";

    public string CheckNamespace(string @namespace) => _names.CheckNamespace(@namespace);

    public void CheckKey(ConfigKey key) => _names.Check(key);

    public WireRequest AddressList(string? unitName) => new()
    {
        Kind = CallKind.Address,
        Method = HttpMethod.Get,
        PathAndQuery = unitName is null ? "/diamond-server/diamond" : $"/diamond-server/diamond-unit-{Uri.EscapeDataString(unitName)}?nofix=1",
        Subject = unitName is null ? "the server list" : $"the server list of unit '{unitName}'",
    };

    public IReadOnlyList<string> ReadAddressList(WireResponse response)
    {
        if (response.Status != 200) throw new AcmException(AcmErrorKind.ServerUnavailable, $"The address server {response.Server} answered {response.Status} instead of a server list.");

        string text = Encoding.ASCII.GetString(response.Body);
        string[] lines = [.. text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
        if (lines.Length == 0) throw new AcmException(AcmErrorKind.ServerUnavailable, $"The address server {response.Server} lists no server.");
        return lines;
    }

    public IEnumerable<KeyValuePair<string, string>> CommonHeaders(string appName)
    {
        yield return new("Diamond-Client-AppName", appName);
        yield return new("Client-Version", ClientVersion);
        yield return new("exConfigInfo", "true");
    }

    public IEnumerable<KeyValuePair<string, string>> Sign(WireRequest request, AcmCredential credential, DateTimeOffset now)
    {
        // The address server knows no one, and gets nothing to replay.
        if (request.Kind == CallKind.Address) yield break;

        string timeStamp = now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        yield return new("Spas-AccessKey", credential.AccessKey);
        yield return new("timeStamp", timeStamp);
        yield return new("Spas-Signature", SpasSignature.Compute(credential.SecretKey, SpasSignature.StringToSign(request.Tenant, request.Group, timeStamp)));
        if (credential.SecurityToken is { } token) yield return new("Spas-SecurityToken", token);
    }

    public bool IsSecretHeader(string name) =>
        name.Equals("Spas-Signature", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Spas-SecurityToken", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Spas-AccessKey", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Encrypted-Data-Key", StringComparison.OrdinalIgnoreCase);

    public WireRequest Get(string @namespace, ConfigKey key) => new()
    {
        Kind = CallKind.Get,
        Method = HttpMethod.Get,
        PathAndQuery = "/diamond-server/config.co?" + new FormEncoder(128).Add("dataId", key.DataId).Add("group", key.Group).AddTenant(@namespace),
        Subject = key.ToString(),
        Key = key,
        Tenant = @namespace,
        Group = key.Group,
    };

    public ServerValue ReadGet(WireResponse response, string @namespace, ConfigKey key) => DiamondGet.Read(response, @namespace, key);

    public WireRequest BatchGet(string @namespace, string group, IReadOnlyList<ConfigKey> keys) => new()
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

    public IReadOnlyList<BatchItem>? ReadBatchGet(WireResponse response, IReadOnlyList<ConfigKey> keys) => DiamondBatch.Read(response, keys);

    public IProbeBody NewProbe(string @namespace) => new DiamondProbeBody(@namespace);

    public WireRequest Probe(string @namespace, IProbeBody body, TimeSpan? hold)
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

    public IReadOnlyList<ConfigKey> ReadProbe(WireResponse response, string @namespace) => DiamondProbe.Read(response, @namespace);

    public WireRequest List(string @namespace, int pageNumber, int pageSize) => new()
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

    public ConfigPage ReadList(WireResponse response, string @namespace, int pageNumber) => DiamondList.Read(response, @namespace, pageNumber);

    public byte[] EncodeContent(string content)
    {
        BlankContent.Refuse(content);
        return GbkText.Encode(content, _allowEuroSign);
    }

    public WireRequest Publish(string @namespace, ConfigKey key, byte[] content, string? encryptedDataKey, PublishCondition condition, string appName)
    {
        var form = new FormEncoder((3 * content.Length) + 512);
        form.Add("dataId", key.DataId).Add("group", key.Group).Add("content", content).AddTenant(@namespace);
        if (encryptedDataKey is not null) form.Add("encryptedDataKey", encryptedDataKey);
        if (appName.Length > 0) form.Add("appName", appName);
        if (condition.Kind != PublishConditionKind.None) form.Add("md5", condition.Md5);

        // Ours alone: a server that does not know the field ignores it, and its empty md5 asks for nothing.
        if (condition.Kind == PublishConditionKind.Absent) form.Add("createOnly", "true");
        return Write(CallKind.Publish, "/diamond-server/basestone.do?method=syncUpdateAll", form, @namespace, key);
    }

    public void ReadPublish(WireResponse response, string @namespace, ConfigKey key, PublishCondition condition, int contentLength)
    {
        // The body is "OK", "true" or JSON, depending on who answers: the status alone tells (5.2).
        if (response.Status == 200)
        {
            RefusePage(response, key);
            return;
        }

        if (response.Status == 409 && condition.Kind != PublishConditionKind.None) throw ConditionFailed(condition, @namespace, key, exists: true);
        throw DiamondErrors.For(response, @namespace, "Publishing", key, contentLength);
    }

    public WireRequest Remove(string @namespace, ConfigKey key, PublishCondition condition)
    {
        FormEncoder form = new FormEncoder().Add("dataId", key.DataId).Add("group", key.Group).AddTenant(@namespace);

        // Ours alone: other servers ignore the field.
        if (condition.Kind == PublishConditionKind.Unchanged) form.Add("md5", condition.Md5);
        return Write(CallKind.Remove, "/diamond-server/datum.do?method=deleteAllDatums", form, @namespace, key);
    }

    public void ReadRemove(WireResponse response, string @namespace, ConfigKey key, PublishCondition condition)
    {
        if (response.Status == 409 && condition.Kind != PublishConditionKind.None) throw ConditionFailed(condition, @namespace, key, exists: true);

        // 200 also where nothing existed; a 404 can only be of something that is no ACM server.
        if (response.Status != 200) throw DiamondErrors.For(response, @namespace, "Removing", key);
        RefusePage(response, key);
    }

    public AcmException NotFound(string @namespace, ConfigKey key) => DiamondErrors.NotFound(@namespace, key);

    public AcmException ConditionFailed(PublishCondition condition, string @namespace, ConfigKey key, bool exists) =>
        condition.Kind == PublishConditionKind.Absent
            ? new AcmException(AcmErrorKind.ConfigExists, $"'{key}' exists already in {NamespaceName.Describe(@namespace)} and was left as it is.") { Key = key, IsFinal = true }
            : !exists
            ? new AcmException(AcmErrorKind.Conflict, $"'{key}' does not exist in {NamespaceName.Describe(@namespace)}, so that it can't have the expected MD5 {condition.Md5}; nothing was published.") { Key = key, IsFinal = true, Advice = "Publish it without a condition, or on the condition that it does not exist." }
            : new AcmException(AcmErrorKind.Conflict, $"'{key}' in {NamespaceName.Describe(@namespace)} does not have the expected MD5 {condition.Md5} any more and was left as it is.") { Key = key, IsFinal = true, Advice = "Read it again, and publish with the MD5 that it has now." };

    /// <summary>A proxy or a login page answers 200 as well. Whether the request went on from there is not known.</summary>
    private static void RefusePage(WireResponse response, ConfigKey key)
    {
        if (DiamondGet.LooksLikePage(response)) throw DiamondErrors.Garbled(response, "it is a web page, as a proxy or a login page gives", key, outcomeUnknown: true);
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
