using Acm.Client;
using Acm.Client.Credentials;
using Acm.Tests.StandIns;

namespace Acm.Tests.Credentials;

public sealed class DefaultChainTests : IAsyncDisposable
{
    private readonly ProviderSetting _setting = new();
    private readonly StsStandIn _sts = new() { Issued = new IssuedCredentials { Mark = "oidc" } };
    private readonly MetadataStandIn _metadata = new() { Issued = new IssuedCredentials { Mark = "ecs" } };
    private readonly LoopbackHttp _uri = new(certificate: null, (_, _) => Task.FromResult(new StandInReply(
        200, """{"Code":"Success","AccessKeyId":"STS.uri","AccessKeySecret":"uri-sk","SecurityToken":"uri-token","Expiration":"2099-01-01T00:00:00Z"}""") { Date = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000) }));

    public DefaultChainTests()
    {
        _setting.Use(_sts);
        _setting.Use(_metadata);

        // All sources are configured; each test removes the ones with higher precedence.
        _setting.Variables["ALIBABA_CLOUD_ACCESS_KEY_ID"] = "env";
        _setting.Variables["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = "env-sk";
        _setting.Variables["ALIBABA_CLOUD_ROLE_ARN"] = StsStandIn.RoleArn;
        _setting.Variables["ALIBABA_CLOUD_OIDC_PROVIDER_ARN"] = StsStandIn.ProviderArn;
        _setting.Variables["ALIBABA_CLOUD_OIDC_TOKEN_FILE"] = _setting.Write("token", _sts.OidcToken);
        _setting.Write(".aliyun/config.json", """{"current":"x","profiles":[{"name":"x","mode":"AK","access_key_id":"cli","access_key_secret":"cli-sk"}]}""");
        _setting.Write(".alibabacloud/credentials.ini", "[default]\ntype = access_key\naccess_key_id = ini\naccess_key_secret = ini-sk\n");
        _setting.Variables["ALIBABA_CLOUD_ECS_METADATA"] = "acm-reader";
        _setting.Variables["ALIBABA_CLOUD_CREDENTIALS_URI"] = $"http://{_uri.Address}/credentials?secret=canary";
    }

    public async ValueTask DisposeAsync()
    {
        _setting.Dispose();
        await _sts.DisposeAsync();
        await _metadata.DisposeAsync();
        await _uri.DisposeAsync();
    }

    [Theory]
    [InlineData(0, "env", "Environment")]
    [InlineData(1, "STS.oidc-ak-1", "Oidc")]
    [InlineData(2, "cli", "CliProfile")]
    [InlineData(3, "ini", "CredentialsFile")]
    [InlineData(4, "STS.ecs-ak-1", "RamRole")]
    [InlineData(5, "STS.uri", "CredentialsUri")]
    public async Task The_order_is_the_documented_one(int without, string accessKey, string name)
    {
        TakeAway(without);
        using AcmCredentialSource source = Source();

        AcmCredential credential = await source.GetAsync(TestContext.Current.CancellationToken);

        Assert.Equal(accessKey, credential.AccessKey);
        Assert.Equal($"Default ({name})", source.Name);
    }

    [Fact]
    public async Task Where_none_yields_anything_the_error_names_each_and_why()
    {
        TakeAway(6);
        using AcmCredentialSource source = Source();

        AcmException error = await Support.Clients.FailsAsync(source.GetAsync(TestContext.Current.CancellationToken).AsTask());

        Assert.Equal(AcmErrorKind.AuthenticationFailed, error.Kind);
        Assert.All(
            [
                "Default provided no credentials. Environment: ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET are not set.",
                "Oidc: ALIBABA_CLOUD_OIDC_TOKEN_FILE is not set.",
                "CliProfile: The file '",
                "CredentialsFile: None of these files was found: '",
                "RamRole: It is not used: neither is a role name specified nor is ALIBABA_CLOUD_ECS_METADATA set.",
                "CredentialsUri: ALIBABA_CLOUD_CREDENTIALS_URI is not set.",
            ],
            part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        Assert.Empty(_metadata.Requests);
    }

    [Fact]
    public async Task The_metadata_service_is_not_asked_unless_its_role_is_named()
    {
        TakeAway(4);
        _setting.Variables.Remove("ALIBABA_CLOUD_ECS_METADATA");

        await _setting.FetchAsync(scope => new DefaultChain(scope));

        Assert.Empty(_metadata.Requests);
    }

    [Fact]
    public async Task A_role_that_the_caller_names_has_it_asked()
    {
        TakeAway(4);
        _setting.Variables.Remove("ALIBABA_CLOUD_ECS_METADATA");
        _setting.Options = _setting.Options with { RamRoleName = "acm-reader" };

        Assert.Equal("STS.ecs-ak-1", (await _setting.FetchAsync(scope => new DefaultChain(scope))).AccessKey);
    }

    [Fact]
    public async Task The_CLI_profile_can_be_forbidden()
    {
        TakeAway(2);
        _setting.Variables["ALIBABA_CLOUD_CLI_PROFILE_DISABLED"] = "true";

        Assert.Equal("ini", (await _setting.FetchAsync(scope => new DefaultChain(scope))).AccessKey);
    }

    [Fact]
    public async Task The_first_that_yielded_credentials_is_the_one_from_then_on()
    {
        TakeAway(1);
        using AcmCredentialSource source = Source();
        await source.GetAsync(TestContext.Current.CancellationToken);
        _setting.Variables["ALIBABA_CLOUD_ACCESS_KEY_ID"] = "env";
        _setting.Variables["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = "env-sk";

        _setting.Clock.Advance(TimeSpan.FromHours(2));
        AcmCredential second = await source.GetAsync(TestContext.Current.CancellationToken);

        Assert.Equal("STS.oidc-ak-2", second.AccessKey);
    }

    [Fact]
    public async Task What_follows_the_host_of_a_credentials_URI_is_never_told()
    {
        TakeAway(6);
        await using var refusing = new LoopbackHttp(certificate: null, (_, _) => Task.FromResult(new StandInReply(500, "canary")));
        _setting.Variables["ALIBABA_CLOUD_CREDENTIALS_URI"] = $"http://{refusing.Address}/canary?secret=canary";

        AcmException error = await _setting.FailsAsync(scope => new DefaultChain(scope));

        Assert.Contains($"The credentials URI at {refusing.Address} answered 500.", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", error.ToString(), StringComparison.Ordinal);
    }

    private AcmCredentialSource Source() => CredentialSources.Make(_setting.Scope, scope => new DefaultChain(scope), () => 0);

    private void TakeAway(int first)
    {
        if (first > 0) _setting.Variables.Remove("ALIBABA_CLOUD_ACCESS_KEY_ID");
        if (first > 0) _setting.Variables.Remove("ALIBABA_CLOUD_ACCESS_KEY_SECRET");
        if (first > 1) _setting.Variables.Remove("ALIBABA_CLOUD_OIDC_TOKEN_FILE");
        if (first > 2) File.Delete(Path.Combine(_setting.Home, ".aliyun", "config.json"));
        if (first > 3) File.Delete(Path.Combine(_setting.Home, ".alibabacloud", "credentials.ini"));
        if (first > 4) _setting.Variables.Remove("ALIBABA_CLOUD_ECS_METADATA");
        if (first > 5) _setting.Variables.Remove("ALIBABA_CLOUD_CREDENTIALS_URI");
    }
}
