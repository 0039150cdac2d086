using Acm.Server.Auth;
using Acm.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.Server;

public class SignatureTests
{
    private const long Time = 1_700_000_000_123;
    private const string AccessKey = "ak-test-0001";
    private const string Secret = "sk-test-secret-0001";
    private const string TenantAndGroup = "S7P36cEmOFUPMM2uGkxBpgqO4qI=";
    private const string GroupOnly = "qB7HjOVLjDgoy3cScQ5m2h+67Hs=";
    private const string TenantOnly = "hctK7POvYFDzY30i6vgGgANMQX4=";
    private const string Neither = "eML6YtuiGU4b+M+YkIkDCPqzCyc=";
    private const string BlankTenant = "hdoZtEQICpfAVhhrHDWYAvvoE5g=";
    private const string Undefined = "fm/+UtOl67iMH4Di0aARarOlwQ8=";

    /// <summary>Test vectors: tenant, group, secret, time, signature.</summary>
    public static TheoryData<string?, string?, string, long, string> Vectors => new()
    {
        { "ns-0001", "DEFAULT_GROUP", Secret, Time, TenantAndGroup },
        { null, "DEFAULT_GROUP", Secret, Time, GroupOnly },
        { "ns-0001", null, Secret, Time, TenantOnly },
        { "ea61357b-d417-460c-92e4-032677dd8153", "ACM", Secret, Time, "nG7cavJ7PywqZmuyknfWRzX5B68=" },
        { "命名空间", "分组", Secret, Time, "X6EozBDWILRu21DeNgOz4zbwr1k=" },
        { new string('t', 128), new string('g', 128), Secret, Time, "dJ0wCZWGBryYOAPVd+dfMnasyH8=" },
        { "ns_1.a-b", "ACM:Test", Secret, Time, "3IiBneKxLunK2K1d1acQkS3aZBI=" },
        { "t", "g", "密钥-key", Time, "wQxRk7FnJx5+/74Vp04+E4xdaVM=" },
        { "t", "g", Secret, 0, "R+PVC5vpUVHopm+fI9kvOhfxnTg=" },
        { null, null, Secret, Time, Neither },
        { null, null, Secret, Time, BlankTenant },
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void A_known_signature_is_accepted(string? tenant, string? group, string secret, long time, string signature)
    {
        SignatureCheck check = Check(secret: secret, now: time);

        Assert.True(check.IsValid(new Claim(AccessKey, $"{time}", signature), tenant, group));
    }

    [Theory]
    [InlineData("ak-test-0002", "1700000000123", TenantAndGroup)]
    [InlineData("", "1700000000123", TenantAndGroup)]
    [InlineData(AccessKey, "1700000000124", TenantAndGroup)]
    [InlineData(AccessKey, "", TenantAndGroup)]
    [InlineData(AccessKey, "yesterday", TenantAndGroup)]
    [InlineData(AccessKey, "1700000000123", GroupOnly)]
    [InlineData(AccessKey, "1700000000123", Neither)]
    [InlineData(AccessKey, "1700000000123", "S7P36cEmOFUPMM2uGkxBpgqO4q==")]
    [InlineData(AccessKey, "1700000000123", "not base64")]
    [InlineData(AccessKey, "1700000000123", "")]
    public void Anything_else_is_refused(string accessKey, string time, string signature) =>
        Assert.False(Check().IsValid(new Claim(accessKey, time, signature), "ns-0001", "DEFAULT_GROUP"));

    [Theory]
    [InlineData(60_000, true)]
    [InlineData(60_001, false)]
    [InlineData(-60_000, true)]
    [InlineData(-60_001, false)]
    public void A_signature_lives_for_a_minute_either_way(int skew, bool valid) =>
        Assert.Equal(valid, Check(now: Time + skew).IsValid(new Claim(AccessKey, $"{Time}", TenantAndGroup), "ns-0001", "DEFAULT_GROUP"));

    [Theory]
    [InlineData("ns-0001", TenantOnly, true)]
    [InlineData("ns-0001", Neither, true)]
    [InlineData("ns-0001", BlankTenant, false)]
    [InlineData("ns-0001", Undefined, false)]
    [InlineData("ns-0002", TenantOnly, false)]
    [InlineData("", Neither, true)]
    [InlineData("", BlankTenant, true)]
    [InlineData("", TenantOnly, false)]
    [InlineData(null, Neither, true)]
    [InlineData(null, TenantOnly, false)]
    public void A_poll_may_sign_its_namespace_and_time_or_the_time_alone(string? tenant, string signature, bool valid)
    {
        bool strict = Check().IsValidPoll(new Claim(AccessKey, $"{Time}", signature), tenant);
        bool lenient = Check(allowUnsignedPolls: true).IsValidPoll(new Claim(AccessKey, $"{Time}", signature), tenant);

        Assert.Equal((valid, valid), (lenient, strict));
    }

    [Theory]
    [InlineData(AccessKey, 0, true, true)]
    [InlineData(AccessKey, 0, false, false)]
    [InlineData("other", 0, true, false)]
    [InlineData("", 0, true, false)]
    [InlineData(AccessKey, 60_001, true, false)]
    public void A_poll_without_a_signature_needs_a_known_key_a_fresh_time_and_a_lenient_server(string accessKey, int skew, bool lenient, bool valid) =>
        Assert.Equal(valid, Check(allowUnsignedPolls: lenient, now: Time + skew).IsValidPoll(new Claim(accessKey, $"{Time}", ""), "ns-0001"));

    [Theory]
    [InlineData("GET /diamond-server/config.co?dataId=a&group=DEFAULT_GROUP&tenant=ns-0001", "", TenantAndGroup, 404)]
    [InlineData("GET /diamond-server/config.co?dataId=a&group=DEFAULT_GROUP&tenant=ns-0001", "", GroupOnly, 403)]
    [InlineData("GET /diamond-server/config.co?dataId=a&group=DEFAULT_GROUP", "", GroupOnly, 404)]
    [InlineData("GET /diamond-server/config.co?dataId=a&group=DEFAULT_GROUP&tenant=", "", GroupOnly, 404)]
    [InlineData("GET /diamond-server/config.co?dataId=a&group=DEFAULT_GROUP", "", "", 403)]
    [InlineData("GET /diamond-server/basestone.do?method=getAllConfigByTenant&tenant=ns-0001", "", TenantOnly, 200)]
    [InlineData("GET /diamond-server/basestone.do?method=getAllConfigByTenant&tenant=ns-0001", "", Neither, 403)]
    [InlineData("GET /diamond-server/basestone.do?method=getAllConfigByTenant", "", Neither, 200)]
    [InlineData("GET /diamond-server/basestone.do?method=getAllConfigByTenant", "", BlankTenant, 200)]
    [InlineData("GET /diamond-server/basestone.do?method=getAllConfigByTenant", "", "", 403)]
    [InlineData("POST /diamond-server/basestone.do?method=syncUpdateAll", "dataId=a&group=DEFAULT_GROUP&content=1&tenant=ns-0001", TenantAndGroup, 200)]
    [InlineData("POST /diamond-server/basestone.do?method=syncUpdateAll", "dataId=a&group=DEFAULT_GROUP&content=1&tenant=ns-0001", "", 403)]
    [InlineData("POST /diamond-server/datum.do?method=deleteAllDatums", "dataId=a&group=DEFAULT_GROUP&tenant=ns-0001", TenantAndGroup, 200)]
    [InlineData("POST /diamond-server/datum.do?method=deleteAllDatums", "dataId=a&group=DEFAULT_GROUP&tenant=ns-0001", Undefined, 403)]
    [InlineData("POST /diamond-server/config.co?method=batchGetConfig", "dataIds=a&group=DEFAULT_GROUP&tenant=ns-0001", TenantAndGroup, 200)]
    [InlineData("POST /diamond-server/admin.do?method=batchQuery", "dataIds=a&group=DEFAULT_GROUP&tenant=ns-0001", "", 403)]
    [InlineData("POST /diamond-server/config.co", "Probe-Modify-Request=a%02G%02%02ns-0001%01", TenantOnly, 200)]
    [InlineData("POST /diamond-server/config.co", "Probe-Modify-Request=a%02G%02%02ns-0001%01", "", 403)]
    [InlineData("POST /diamond-server/config.co", "Probe-Modify-Request=a%02G%02%02ns-0001%01", Undefined, 403)]
    [InlineData("GET /diamond-server/diamond", "", "", 200)]
    [InlineData("GET /diamond-server/unit-list?nofix=1", "", "", 200)]
    [InlineData("GET /env", "", "", 200)]
    [InlineData("GET /health", "", "", 200)]
    public async Task Each_call_is_checked_on_the_wire_as_it_should_be(string request, string body, string signature, int status)
    {
        await using RunningServer server = await RunningServer.StartAsync(
            options => options with { AccessKey = AccessKey, SecretKey = Secret },
            new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(Time)));
        string signed = signature.Length > 0 ? $"\nspas-signature: {signature}" : "";

        RawResponse answer = await RawHttp.SendAsync(server.Uri, $"{request} HTTP/1.1\nSpas-Accesskey: {AccessKey}\nTimestamp: {Time}{signed}", body);

        Assert.Equal(status, answer.Status);
        if (status == 403) Assert.Equal("403 error\n", answer.Text);
    }

    private static SignatureCheck Check(string secret = Secret, bool allowUnsignedPolls = false, long now = Time) =>
        new(AccessKey, secret, allowUnsignedPolls, new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(now)));
}
