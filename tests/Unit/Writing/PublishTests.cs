using Acm.Client;
using Acm.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.Writing;

/// <summary>The requests of a publish, its results, and its errors for invalid content.</summary>
public sealed class PublishTests
{
    private static readonly ConfigKey Key = new("app.yml");

    [Fact]
    public async Task The_request_is_the_one_of_the_protocol_reference_byte_for_byte()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Ok);
        var clock = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1700000000123));
        using AcmClient client = Clients.With(Clients.Options(server) with { Credential = Clients.Credential }, clock);

        PublishResult result = await Clients.InTime(client.PublishAsync(Key, "test中文\r\n", new PublishOptions { AppName = "demo" }));

        ScriptedRequest request = Assert.Single(server.Requests);
        Assert.Equal("POST", request.Method);
        Assert.Equal("/diamond-server/basestone.do?method=syncUpdateAll", request.Target);
        Assert.Equal("application/x-www-form-urlencoded; charset=GBK", request.Headers["Content-Type"]);
        Assert.Equal("93", request.Headers["Content-Length"]);
        Assert.Equal("1700000000123", request.Headers["timeStamp"]);
        Assert.Equal("S7P36cEmOFUPMM2uGkxBpgqO4qI=", request.Headers["Spas-Signature"]);
        Assert.Equal("dataId=app.yml&group=DEFAULT_GROUP&content=test%D6%D0%CE%C4%0D%0A&tenant=ns-0001&appName=demo", request.Body);
        Assert.False(result.ConfirmedByReading);
    }

    [Theory]
    [InlineData("test中文 a+b&c=d%\r\n", "test%D6%D0%CE%C4+a%2Bb%26c%3Dd%25%0D%0A")]
    [InlineData("key=值~*-_.!'()", "key%3D%D6%B5~%2A-_.%21%27%28%29")]
    [InlineData("Hi，欢迎试用 ACM Node.js SDK", "Hi%A3%AC%BB%B6%D3%AD%CA%D4%D3%C3+ACM+Node.js+SDK")]
    public async Task Content_is_encoded_as_the_peers_do(string content, string expected)
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Ok);
        using AcmClient client = Clients.With(Clients.Options(server) with { AppName = "Shop" });

        await Clients.InTime(client.PublishAsync(Key, content));

        Assert.Equal($"dataId=app.yml&group=DEFAULT_GROUP&content={expected}&tenant=ns-0001", server.Requests.Single().Body);
    }

    [Fact]
    public async Task In_the_blank_namespace_no_tenant_is_sent()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Ok);
        using AcmClient client = Clients.With(Clients.Options(server) with { Namespace = "public" });

        await Clients.InTime(client.PublishAsync(Key, "v"));

        Assert.Equal("dataId=app.yml&group=DEFAULT_GROUP&content=v", server.Requests.Single().Body);
    }

    [Fact]
    public async Task The_result_is_what_the_server_holds_now()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Ok);
        using AcmClient client = Clients.For(server);

        PublishResult result = await Clients.InTime(client.PublishAsync(Key, "中文"));

        Assert.Equal(Key, result.Key);
        Assert.Equal("中文", result.Config.Content);
        Assert.Equal([0xd6, 0xd0, 0xce, 0xc4], result.Config.RawBytes.ToArray());
        Assert.Equal("bcce109775e8e1972e9f5fcda3e12895", result.Config.Md5);
        Assert.Equal("ns-0001", result.Config.Namespace);
        Assert.Equal(server.Address, result.Config.Server);
    }

    [Theory]
    [InlineData("OK")]
    [InlineData("true")]
    [InlineData("{\"message\":\"OK\"}")]
    [InlineData("")]
    public async Task Whatever_a_200_says_it_is_success(string body)
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Text(200, "text/html;charset=GBK", body));
        using AcmClient client = Clients.For(server);

        await Clients.InTime(client.PublishAsync(Key, "v"));

        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_login_page_in_place_of_the_answer_is_not_success()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Text(200, "text/html; charset=utf-8", "<!DOCTYPE html><html><body>Sign in</body></html>"));
        using AcmClient client = Clients.With(Clients.Options(server), new PauselessClock());

        AcmException error = await Clients.FailsAsync(client.PublishAsync(Key, "v"));

        Assert.Equal(AcmErrorKind.InvalidResponse, error.Kind);
    }

    [Theory]
    [InlineData(400, "invalid content", "v", AcmErrorKind.InvalidContent)]
    [InlineData(400, "invalid dataId", "v", AcmErrorKind.InvalidKey)]
    [InlineData(401, "", "v", AcmErrorKind.AuthenticationFailed)]
    [InlineData(403, "403 error", "v", AcmErrorKind.AccessDenied)]
    [InlineData(403, "app.yml IS aggr", "v", AcmErrorKind.AccessDenied)]
    [InlineData(404, "<html>not found</html>", "v", AcmErrorKind.CapabilityMissing)]
    [InlineData(405, "", "v", AcmErrorKind.CapabilityMissing)]
    [InlineData(413, "", "v", AcmErrorKind.ContentTooLarge)]
    public async Task Each_refusal_is_its_kind_of_error_and_is_not_tried_again(int status, string body, string content, AcmErrorKind expected)
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Text(status, "text/html;charset=GBK", body));
        using AcmClient client = Clients.For(server);

        AcmException error = await Clients.FailsAsync(client.PublishAsync(Key, content));

        Assert.Equal(expected, error.Kind);
        Assert.Equal(Key, error.Key);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(102400, AcmErrorKind.InvalidKey)]
    [InlineData(102401, AcmErrorKind.ContentTooLarge)]
    public async Task A_400_to_more_than_102400_bytes_says_that_they_are_too_many(int length, AcmErrorKind expected)
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Text(400, "text/plain", "bad request"));
        using AcmClient client = Clients.For(server);

        AcmException error = await Clients.FailsAsync(client.PublishAsync(Key, new string('x', length)));

        Assert.Equal(expected, error.Kind);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task The_client_has_no_limit_of_its_own()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Ok);
        using AcmClient client = Clients.For(server);

        PublishResult result = await Clients.InTime(client.PublishAsync(Key, new string('x', 1024 * 1024)));

        Assert.Equal(1024 * 1024, result.Config.Size);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \t\r\n")]
    public async Task Blank_content_is_refused_before_anything_is_sent(string content)
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Ok);
        using AcmClient client = Clients.For(server);

        AcmException error = await Clients.FailsAsync(client.PublishAsync(Key, content));

        Assert.Equal(AcmErrorKind.InvalidContent, error.Kind);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Null_content_is_refused_and_points_to_remove()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Ok);
        using AcmClient client = Clients.For(server);

        AcmException error = await Clients.FailsAsync(client.PublishAsync(Key, null!));

        Assert.Equal(AcmErrorKind.InvalidContent, error.Kind);
        Assert.Contains("remove", error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("a: 1\nb: 😀", "'😀' (U+1F600)", "line 2, column 4")]
    [InlineData("\uFEFFx", "U+FEFF", "line 1, column 1")]
    [InlineData("x\uE000", "U+E000", "line 1, column 2")]
    public async Task R25_a_character_outside_GBK_is_named_and_nothing_is_sent(string content, string name, string place)
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Ok);
        using AcmClient client = Clients.For(server);

        AcmException error = await Clients.FailsAsync(client.PublishAsync(Key, content));

        Assert.Equal(AcmErrorKind.InvalidContent, error.Kind);
        Assert.Equal(Key, error.Key);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Contains(place, error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task The_euro_sign_is_refused_with_the_option_that_allows_it()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Ok);
        using AcmClient client = Clients.For(server);

        AcmException error = await Clients.FailsAsync(client.PublishAsync(Key, "5 €"));

        Assert.Equal(AcmErrorKind.InvalidContent, error.Kind);
        Assert.Equal(nameof(AcmClientOptions.AllowEuroSign), error.Option);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task An_allowed_euro_sign_is_the_byte_80()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Ok);
        using AcmClient client = Clients.With(Clients.Options(server) with { AllowEuroSign = true });

        PublishResult result = await Clients.InTime(client.PublishAsync(Key, "5 €"));

        Assert.Contains("content=5+%80&", server.Requests.Single().Body, StringComparison.Ordinal);
        Assert.Equal("5 €", result.Config.Content);
    }

    [Fact]
    public async Task A_key_that_is_not_valid_is_refused_before_anything_is_sent()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Ok);
        using AcmClient client = Clients.For(server);

        AcmException error = await Clients.FailsAsync(client.PublishAsync(new ConfigKey("a/b"), "v"));

        Assert.Equal(AcmErrorKind.InvalidKey, error.Kind);
        Assert.Empty(server.Requests);
    }
}
