using Acm.Client;
using Acm.Client.Credentials;
using Acm.Tests.StandIns;
using Acm.Tests.Support;

namespace Acm.Tests.Credentials;

public sealed class RamRoleTests : IAsyncDisposable
{
    private readonly ProviderSetting _setting = new();
    private readonly MetadataStandIn _service = new();

    public RamRoleTests() => _setting.Use(_service);

    public async ValueTask DisposeAsync()
    {
        _setting.Dispose();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task The_role_is_discovered_in_hardened_mode()
    {
        _service.IsHardened = true;

        AcmCredential credential = await FetchAsync();

        Assert.Equal(
            ["PUT /latest/api/token", "GET /latest/meta-data/ram/security-credentials/ with token", "GET /latest/meta-data/ram/security-credentials/acm-reader with token"],
            _service.Requests);
        Assert.Equal(("STS.issued-ak-1", "issued-sk-1", "issued-token-1"), (credential.AccessKey, credential.SecretKey, credential.SecurityToken));
        Assert.Equal(_setting.Clock.GetUtcNow().AddHours(6), credential.Expires);
    }

    [Fact]
    public async Task A_role_that_is_named_is_not_asked_for()
    {
        await _setting.FetchAsync(scope => new RamRoleProvider(scope, "acm-reader"));

        Assert.Equal(["PUT /latest/api/token", "GET /latest/meta-data/ram/security-credentials/acm-reader with token"], _service.Requests);
    }

    [Fact]
    public async Task The_variable_names_the_role_as_well()
    {
        _setting.Variables["ALIBABA_CLOUD_ECS_METADATA"] = "acm-reader";

        await FetchAsync();

        Assert.Equal(2, _service.Requests.Count);
    }

    [Fact]
    public async Task An_instance_without_tokens_is_asked_plainly()
    {
        _service.GivesTokens = false;

        await FetchAsync();

        Assert.Equal(
            ["PUT /latest/api/token", "GET /latest/meta-data/ram/security-credentials/", "GET /latest/meta-data/ram/security-credentials/acm-reader"],
            _service.Requests);
    }

    [Fact]
    public async Task The_plain_way_can_be_forbidden()
    {
        _service.GivesTokens = false;
        _setting.Variables["ALIBABA_CLOUD_IMDSV1_DISABLED"] = "True";

        AcmException error = await FailsAsync();

        Assert.Equal(["PUT /latest/api/token"], _service.Requests);
        Assert.Contains("ALIBABA_CLOUD_IMDSV1_DISABLED does not allow", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_fails_with_a_token_is_asked_for_without()
    {
        _service.NextCredentials.Enqueue(new StandInReply(500, "", "text/plain"));

        AcmCredential credential = await FetchAsync();

        Assert.Equal("GET /latest/meta-data/ram/security-credentials/acm-reader", _service.Requests.Last());
        Assert.Equal("issued-sk-1", credential.SecretKey);
    }

    [Fact]
    public async Task The_service_can_be_forbidden_altogether()
    {
        _setting.Variables["ALIBABA_CLOUD_ECS_METADATA_DISABLED"] = "true";

        AcmException error = await FailsAsync();

        Assert.Empty(_service.Requests);
        Assert.Contains("ALIBABA_CLOUD_ECS_METADATA_DISABLED is true", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_instance_without_a_role_says_so()
    {
        _service.Role = null;

        Assert.Equal("This instance has no RAM role.", (await FailsAsync()).Message);
    }

    [Fact]
    public async Task A_role_that_the_instance_does_not_have_is_named()
    {
        AcmException error = await _setting.FailsAsync(scope => new RamRoleProvider(scope, "other"));

        Assert.Contains("does not have a role 'other'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, """{"Code":"Failed","AccessKeySecret":"canary"}""", "a code other than Success")]
    [InlineData(200, """{"Code":"Success","AccessKeyId":"STS.a","AccessKeySecret":"canary","SecurityToken":"canary"}""", "does not report when")]
    [InlineData(200, """{"Code":"Success","AccessKeyId":"STS.a","AccessKeySecret":"canary","Expiration":"2023-11-15T04:13:20Z"}""", "no security token")]
    [InlineData(200, "<html>canary</html>", "not JSON")]
    [InlineData(404, "canary", "does not have a role")]
    public async Task An_answer_that_is_none_is_an_error_that_quotes_nothing_of_it(int status, string body, string message)
    {
        _service.NextCredentials.Enqueue(new StandInReply(status, body));

        AcmException error = await FailsAsync();

        Assert.Equal(AcmErrorKind.AuthenticationFailed, error.Kind);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_end_is_told_by_our_clock_where_the_services_differs()
    {
        _service.Clock = new PauselessClock(_setting.Clock.GetUtcNow().AddMinutes(-7));

        AcmCredential credential = await FetchAsync();

        Assert.Equal(_setting.Clock.GetUtcNow().AddHours(6), credential.Expires);
    }

    [Fact]
    public async Task Where_nothing_listens_the_error_asks_whether_this_is_an_ECS_instance()
    {
        _setting.Options = _setting.Options with { MetadataEndpoint = $"127.0.0.1:{ScriptedServer.UnusedPort()}" };

        AcmException error = await FailsAsync();

        Assert.Contains("did not answer", error.Message, StringComparison.Ordinal);
        Assert.Contains("on an ECS instance only", error.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_hangs_is_waited_for_one_second_a_request()
    {
        await using var hanging = ScriptedServer.Always(ScriptedReply.Hang);
        _setting.Options = _setting.Options with { MetadataEndpoint = hanging.Address };
        Task<AcmException> failing = FailsAsync();

        for (int i = 0; i < 2; i++)
        {
            await hanging.NextRequestAsync();
            _setting.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Contains("did not answer within 1 s", (await Clients.InTime(failing)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "http://100.100.100.200:80")]
    [InlineData("metadata.example", "http://metadata.example:80")]
    [InlineData("http://127.0.0.1:8123/", "http://127.0.0.1:8123")]
    public void The_endpoint_may_be_given(string? text, string expected) => Assert.Equal(expected, MetadataEndpoint.Parse(text).BaseUri);

    [Theory]
    [InlineData("http://127.0.0.1/latest")]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("a b")]
    public void What_is_no_endpoint_is_refused(string text) => Assert.Throws<ArgumentException>(() => MetadataEndpoint.Parse(text));

    private Task<AcmCredential> FetchAsync() => _setting.FetchAsync(scope => new RamRoleProvider(scope, roleName: null));

    private Task<AcmException> FailsAsync() => _setting.FailsAsync(scope => new RamRoleProvider(scope, roleName: null));
}
