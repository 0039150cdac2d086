using System.Text;
using Acm.Client;
using Acm.Client.Protocol.Nacos;
using Acm.Client.Text;
using Acm.Tests.Support;

namespace Acm.Tests.Protocol.Nacos;

/// <summary>Responses of older versions and gateways that the test server does not send.</summary>
public sealed class NacosAnswerTests
{
    private static readonly ConfigKey Key = new("app.yaml");

    [Theory]
    [InlineData("1.4.8", true)]
    [InlineData("2.0.3", true)]
    [InlineData("2.2.3", true)]
    [InlineData("2.3.0", false)]
    public async Task A_checksum_of_another_content_is_an_error_where_the_version_takes_both_from_one_place(string version, bool isTaken)
    {
        await using ScriptedServer server = ScriptedNacos.Start(version, _ => ScriptedReply.Raw(200, "Content-MD5: d41d8cd98f00b204e9800998ecf8427e", Encoding.UTF8.GetBytes("a: 1")));
        using AcmClient client = ScriptedNacos.Connect(server);

        if (isTaken) Assert.Equal("a: 1", (await client.GetAsync(Key)).Content);
        else Assert.Equal(AcmErrorKind.InvalidResponse, (await Clients.FailsAsync(client.GetAsync(Key))).Kind);
    }

    [Fact]
    public async Task A_page_without_a_checksum_is_no_content()
    {
        await using ScriptedServer server = ScriptedNacos.Start("2.5.1", _ => ScriptedReply.Text(200, "text/html", "<html>Please log in</html>"));
        using AcmClient client = ScriptedNacos.Connect(server);

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal(AcmErrorKind.InvalidResponse, error.Kind);
        Assert.Contains("it has no checksum, so it did not come from a Nacos server", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", AcmErrorKind.ConfigNotFound)]
    [InlineData(" \r\n", AcmErrorKind.InvalidResponse)]
    public async Task Only_an_empty_body_says_that_nothing_is_stored(string body, AcmErrorKind expected)
    {
        await using ScriptedServer server = ScriptedNacos.Start("2.5.1", request =>
            request.Target.Contains("show=all", StringComparison.Ordinal) ? ScriptedReply.Text(200, "text/plain", body) : ScriptedReply.Text(404, "text/plain", "config data not exist\n"));
        using AcmClient client = ScriptedNacos.Connect(server);

        Assert.Equal(expected, (await Clients.FailsAsync(client.GetAsync(Key, new AcmCallOptions { NoFailover = true }))).Kind);
    }

    [Fact]
    public async Task Many_keys_are_compared_without_the_list_of_a_large_namespace_and_what_may_not_be_seen_is_asked_for_once()
    {
        string md5 = Md5Hex.Of(Encoding.UTF8.GetBytes("1"));
        await using ScriptedServer server = ScriptedNacos.Start("3.2.0", request =>
            request.Target.StartsWith("/nacos/v3/client/", StringComparison.Ordinal) ? ScriptedNacos.Json(200, $$$"""{"code":0,"data":{"content":"1","md5":"{{{md5}}}","contentType":"text"}}""")
            : IsList(request) ? ScriptedNacos.Json(200, """{"code":0,"data":{"totalCount":10000,"pageNumber":1,"pagesAvailable":20,"pageItems":[]}}""")
            : ScriptedNacos.Json(403, """{"code":10001,"message":"access denied"}"""));
        using AcmClient client = ScriptedNacos.Connect(server);

        IReadOnlyList<ConfigKey> differing = await client.FindDifferencesAsync(
            [.. Enumerable.Range(0, 40).Select(i => new KeyValuePair<ConfigKey, string?>(new ConfigKey($"k{i}"), i == 30 ? Md5Hex.Of("old"u8) : md5))],
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal([new ConfigKey("k30")], differing);
        Assert.Single(server.Requests, IsList);
        Assert.InRange(server.Requests.Count(request => request.Target.StartsWith("/nacos/v3/admin/cs/config?", StringComparison.Ordinal)), 1, 8);

        static bool IsList(ScriptedRequest request) => request.Target.StartsWith("/nacos/v3/admin/cs/config/list", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(16, null)]
    [InlineData(300, 9)]
    [InlineData(3_000, 23)]
    public void The_time_to_compare_many_keys_grows_with_them(int count, int? seconds) =>
        Assert.Equal(seconds, NacosDifferences.LimitsFor(count)?.Try.TotalSeconds);

    [Theory]
    [InlineData(404)]
    [InlineData(405)]
    [InlineData(410)]
    [InlineData(501)]
    public async Task A_gateway_that_lets_the_calls_for_clients_through_alone_is_read_by_these(int status)
    {
        string md5 = Md5Hex.Of(Encoding.UTF8.GetBytes("1"));
        await using ScriptedServer server = ScriptedNacos.Start("3.2.0", request => request.Target.StartsWith("/nacos/v3/client/", StringComparison.Ordinal)
            ? ScriptedNacos.Json(200, $$$"""{"code":0,"data":{"content":"1","md5":"{{{md5}}}","contentType":"yaml"}}""")
            : ScriptedReply.Status(status));
        using AcmClient client = ScriptedNacos.Connect(server);

        IReadOnlyList<ConfigKey> differing = await client.FindDifferencesAsync([new(Key, md5), new(new ConfigKey("b"), null)]);

        Assert.Equal(["b"], differing.Select(key => key.DataId));
    }

    [Theory]
    [InlineData(true, "type=json", "The publish clears these properties if they are set: description, tags, application name.")]
    [InlineData(false, "type=yaml", "The publish clears these properties if they are set: description, tags, application name. Its type becomes 'yaml'.")]
    public async Task What_a_user_without_access_to_it_clears_is_told_and_the_type_that_is_served_stays(bool mayRead, string type, string warning)
    {
        var log = new RecordingLog(AcmLogLevel.Warning);
        await using ScriptedServer server = ScriptedNacos.Start("3.0.3", request => request switch
        {
            { Method: "GET" } when mayRead && request.Target.StartsWith("/nacos/v3/client/", StringComparison.Ordinal) => ScriptedNacos.Json(200, """{"code":0,"data":{"content":"1","contentType":"json"}}"""),
            { Method: "POST", Target: "/nacos/v1/cs/configs" } => ScriptedReply.Text(200, "text/plain", "true"),
            _ => ScriptedNacos.Json(403, """{"code":10001,"message":"access denied"}"""),
        });
        using AcmClient client = ScriptedNacos.Connect(server, log: log);

        await client.PublishAsync(Key, "2");

        Assert.Contains(type, server.Requests.Last().Body, StringComparison.Ordinal);
        Assert.EndsWith(warning, Assert.Single(log.Lines), StringComparison.Ordinal);
    }
}
