using Acm.Client;
using Acm.Client.Credentials;
using Acm.Tests.StandIns;
using Acm.Tests.Support;

namespace Acm.Tests.Credentials;

public sealed class AssumeRoleTests : IAsyncDisposable
{
    private readonly ProviderSetting _setting = new();
    private readonly StsStandIn _sts = new();

    public AssumeRoleTests()
    {
        _setting.Use(_sts);
        _setting.Options = _setting.Options with { RoleArn = StsStandIn.RoleArn, Credential = Support.Clients.Credential };
    }

    public async ValueTask DisposeAsync()
    {
        _setting.Dispose();
        await _sts.DisposeAsync();
    }

    [Fact]
    public async Task Keys_assume_a_role()
    {
        AcmCredential credential = await FetchAsync();

        RpcRequest request = Assert.Single(_sts.Requests);
        Assert.Equal(("AssumeRole", "acm-client", "3600"), (request.Action, request.Field("RoleSessionName"), request.Field("DurationSeconds")));
        Assert.Equal(("STS.issued-ak-1", "issued-sk-1", "issued-token-1"), (credential.AccessKey, credential.SecretKey, credential.SecurityToken));
        Assert.Equal(_setting.Clock.GetUtcNow().AddHours(1), credential.Expires);
    }

    [Fact]
    public async Task The_session_name_is_that_of_the_parameter_else_of_the_variable()
    {
        _setting.Variables["ALIBABA_CLOUD_ROLE_SESSION_NAME"] = "from-variable";
        await FetchAsync();
        using var other = new ProviderSetting { Options = _setting.Options with { RoleSessionName = "given@me" } };
        other.Variables["ALIBABA_CLOUD_ROLE_SESSION_NAME"] = "from-variable";
        _sts.Clock = other.Clock;
        await other.FetchAsync(CredentialSources.AssumeRole);

        Assert.Equal(["from-variable", "given@me"], _sts.Requests.Select(request => request.Field("RoleSessionName")));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(-10)]
    [InlineData(180)]
    public async Task The_end_is_told_by_our_clock_where_that_of_STS_differs(int minutes)
    {
        _sts.Clock = new PauselessClock(_setting.Clock.GetUtcNow().AddMinutes(minutes));

        AcmCredential credential = await FetchAsync();

        Assert.Equal(_setting.Clock.GetUtcNow().AddHours(1), credential.Expires);
    }

    [Fact]
    public async Task Temporary_keys_send_their_token_along()
    {
        _sts.AccessKeys["STS.caller"] = ("caller-sk", "caller-token");
        _setting.Options = _setting.Options with { Credential = new AcmCredential("STS.caller", "caller-sk", "caller-token") };

        await FetchAsync();

        Assert.Equal("caller-token", Assert.Single(_sts.Requests).Field("SecurityToken"));
    }

    [Fact]
    public async Task The_role_of_the_ECS_instance_assumes_another_one()
    {
        await using var metadata = new MetadataStandIn();
        _setting.Use(metadata);
        _setting.Options = _setting.Options with { Credential = null, RamRoleName = "acm-reader" };
        _sts.AccessKeys["STS.issued-ak-1"] = ("issued-sk-1", "issued-token-1");

        AcmCredential credential = await FetchAsync();

        Assert.Equal("STS.issued-ak-1", Assert.Single(_sts.Requests).Field("AccessKeyId"));
        Assert.Equal("issued-sk-1", credential.SecretKey);
    }

    [Fact]
    public async Task Without_keys_the_default_chain_assumes_the_role()
    {
        _setting.Options = _setting.Options with { Credential = null };
        _setting.Variables["ALIBABA_CLOUD_ACCESS_KEY_ID"] = Support.Clients.Credential.AccessKey;
        _setting.Variables["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = Support.Clients.Credential.SecretKey;

        Assert.Equal("issued-sk-1", (await FetchAsync()).SecretKey);
    }

    [Theory]
    [InlineData("acs:ram::1234567890123456:role/other", "EntityNotExist.Role")]
    public async Task A_refusal_is_told_by_its_code(string role, string code)
    {
        _setting.Options = _setting.Options with { RoleArn = role };

        AcmException error = await _setting.FailsAsync(CredentialSources.AssumeRole);

        Assert.Contains(code, error.Message, StringComparison.Ordinal);
        Assert.Contains("request id", error.Message, StringComparison.Ordinal);
        Assert.Equal(nameof(CredentialSourceOptions.RoleArn), error.Option);
    }

    [Fact]
    public async Task A_key_without_the_right_is_AuthenticationFailed_of_the_source_with_advice()
    {
        _sts.Forbidden.Add(Support.Clients.Credential.AccessKey);
        using AcmCredentialSource source = CredentialSources.Make(_setting.Scope, CredentialSources.AssumeRole);

        AcmException error = await Support.Clients.FailsAsync(source.GetAsync(TestContext.Current.CancellationToken).AsTask());

        Assert.Equal(AcmErrorKind.AuthenticationFailed, error.Kind);
        Assert.StartsWith("AssumeRole provided no credentials. STS at 127.0.0.1", error.Message, StringComparison.Ordinal);
        Assert.Contains("NoPermission", error.Message, StringComparison.Ordinal);
        Assert.Contains("right to AssumeRole of STS", error.Advice, StringComparison.Ordinal);
        Assert.Contains("trust policy", error.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_secret_is_told_without_what_STS_repeats_of_it()
    {
        _setting.Options = _setting.Options with { Credential = new AcmCredential("ak-test-0001", "canary-secret", "canary-token") };

        AcmException error = await _setting.FailsAsync(CredentialSources.AssumeRole);

        Assert.Contains("SignatureDoesNotMatch", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Throttling_passes()
    {
        _sts.NextReplies.Enqueue(RpcStandIn.Error(400, "Throttling.User"));

        Assert.Equal("issued-sk-1", (await FetchAsync()).SecretKey);
        Assert.Equal(2, _sts.Requests.Count);
    }

    [Theory]
    [InlineData("""{"RequestId":"1"}""", "lacks Credentials")]
    [InlineData("""{"Credentials":{"AccessKeyId":"STS.a","AccessKeySecret":"canary","SecurityToken":"canary"}}""", "does not report when")]
    [InlineData("""{"Credentials":{"AccessKeyId":"STS.a","SecurityToken":"canary","Expiration":"2099-01-01T00:00:00Z"}}""", "no secret key")]
    [InlineData("canary", "not JSON")]
    public async Task An_answer_that_is_none_is_an_error_that_quotes_nothing_of_it(string body, string message)
    {
        _sts.NextReplies.Enqueue(new StandInReply(200, body));

        AcmException error = await _setting.FailsAsync(CredentialSources.AssumeRole);

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_role_that_is_missing_or_none_is_refused_before_anything_is_sent()
    {
        Assert.StartsWith("RoleArn is missing", Refused(new CredentialSourceOptions()).Message, StringComparison.Ordinal);
        Assert.StartsWith("RoleArn 'reader' is not a valid role ARN", Refused(new CredentialSourceOptions { RoleArn = "reader" }).Message, StringComparison.Ordinal);
        Assert.StartsWith("RoleSessionName 'a b' is no", Refused(new CredentialSourceOptions { RoleArn = StsStandIn.RoleArn, RoleSessionName = "a b" }).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://sts.example", "plain HTTP")]
    [InlineData("a b", "not valid")]
    public void STS_is_only_spoken_to_over_TLS(string endpoint, string message) =>
        Assert.Contains(message, Refused(new CredentialSourceOptions { RoleArn = StsStandIn.RoleArn, StsEndpoint = endpoint }).Message, StringComparison.Ordinal);

    [Fact]
    public async Task An_STS_that_is_not_trusted_gets_nothing()
    {
        _setting.Options = _setting.Options with { CaCertificatePath = null };

        AcmException error = await _setting.FailsAsync(CredentialSources.AssumeRole);

        Assert.Equal(AcmErrorKind.UntrustedServer, error.Kind);
        Assert.Empty(_sts.Requests);
    }

    [Theory]
    [InlineData(null, false, "sts.aliyuncs.com")]
    [InlineData("cn-hangzhou", false, "sts.cn-hangzhou.aliyuncs.com")]
    [InlineData("cn-hangzhou", true, "sts-vpc.cn-hangzhou.aliyuncs.com")]
    public void The_region_chooses_the_endpoint(string? region, bool vpc, string host) =>
        Assert.Equal($"https://{host}:443", CredentialScope.StsAddress(region, vpc).BaseUri);

    [Fact]
    public void A_region_is_no_way_to_another_host() =>
        Assert.Throws<AcmException>(() => CredentialScope.StsAddress("x.evil.example/", vpc: false));

    private Task<AcmCredential> FetchAsync() => _setting.FetchAsync(CredentialSources.AssumeRole);

    private static ArgumentException Refused(CredentialSourceOptions options)
    {
        using var setting = new ProviderSetting { Options = options };
        return Assert.Throws<ArgumentException>(() => CredentialSources.AssumeRole(setting.Scope));
    }
}
