using Acm.Client;
using Acm.Client.Credentials;
using Acm.Tests.StandIns;

namespace Acm.Tests.Credentials;

public sealed class CliProfileTests : IAsyncDisposable
{
    private readonly ProviderSetting _setting = new();
    private readonly StsStandIn _sts = new();
    private readonly MetadataStandIn _metadata = new();

    public CliProfileTests()
    {
        _setting.Use(_sts);
        _setting.Use(_metadata);
        _setting.Write(".aliyun/config.json", $$"""
            {
              "current": "keys",
              "profiles": [
                { "name": "keys", "mode": "AK", "access_key_id": "ak-test-0001", "access_key_secret": "sk-test-secret-0001", "region_id": "cn-hangzhou", "sts_token": "" },
                { "name": "temporary", "mode": "StsToken", "access_key_id": "STS.a", "access_key_secret": "b", "sts_token": "c" },
                { "name": "role", "mode": "RamRoleArn", "access_key_id": "ak-test-0001", "access_key_secret": "sk-test-secret-0001", "ram_role_arn": "{{StsStandIn.RoleArn}}",
                  "ram_session_name": "cli", "expired_seconds": 1200, "policy": "{}", "external_id": "outside" },
                { "name": "ecs", "mode": "EcsRamRole", "ram_role_name": "acm-reader" },
                { "name": "oidc", "mode": "OIDC", "ram_role_arn": "{{StsStandIn.RoleArn}}", "oidc_provider_arn": "{{StsStandIn.ProviderArn}}", "oidc_token_file": "{{Path.Combine(_setting.Home, "token").Replace('\\', '/')}}" },
                { "name": "chained", "mode": "ChainableRamRoleArn", "source_profile": "role", "ram_role_arn": "acs:ram::1234567890123456:role/second", "ram_session_name": "cli" },
                { "name": "self", "mode": "ChainableRamRoleArn", "source_profile": "self", "ram_role_arn": "{{StsStandIn.RoleArn}}" },
                { "name": "a", "mode": "ChainableRamRoleArn", "source_profile": "b", "ram_role_arn": "{{StsStandIn.RoleArn}}" },
                { "name": "b", "mode": "ChainableRamRoleArn", "source_profile": "a", "ram_role_arn": "{{StsStandIn.RoleArn}}" },
                { "name": "lost", "mode": "ChainableRamRoleArn", "source_profile": "nowhere", "ram_role_arn": "{{StsStandIn.RoleArn}}" },
                { "name": "sso", "mode": "CloudSSO", "access_token": "canary" },
                { "name": "oauth", "mode": "OAuth", "oauth_access_token": "canary" },
                { "name": "external", "mode": "External", "process_command": "canary" },
                { "name": "new", "mode": "Telepathy", "access_key_secret": "canary" },
                { "name": "half", "mode": "AK", "access_key_id": "ak", "access_key_secret": "" },
                { "name": "bare", "mode": "StsToken", "access_key_id": "ak", "access_key_secret": "canary", "sts_token": "" }
              ]
            }
            """);
        _setting.Write("token", _sts.OidcToken);
    }

    public async ValueTask DisposeAsync()
    {
        _setting.Dispose();
        await _sts.DisposeAsync();
        await _metadata.DisposeAsync();
    }

    [Fact]
    public async Task The_current_profile_is_used()
    {
        AcmCredential credential = await FetchAsync(null);

        Assert.Equal(("ak-test-0001", "sk-test-secret-0001", null), (credential.AccessKey, credential.SecretKey, credential.SecurityToken));
    }

    [Fact]
    public async Task The_variable_goes_before_the_current_one_and_a_name_before_the_variable()
    {
        _setting.Variables["ALIBABA_CLOUD_PROFILE"] = "temporary";

        Assert.Equal("STS.a", (await FetchAsync(null)).AccessKey);
        Assert.Equal("ak-test-0001", (await FetchAsync("keys")).AccessKey);
    }

    [Fact]
    public async Task Temporary_keys_have_their_token() => Assert.Equal("c", (await FetchAsync("temporary")).SecurityToken);

    [Fact]
    public async Task A_role_is_assumed_as_the_profile_says()
    {
        AcmCredential credential = await FetchAsync("role");

        RpcRequest request = Assert.Single(_sts.Requests);
        Assert.Equal(("cli", "1200", "{}", "outside"), (request.Field("RoleSessionName"), request.Field("DurationSeconds"), request.Field("Policy"), request.Field("ExternalId")));
        Assert.Equal(_setting.Clock.GetUtcNow().AddSeconds(1200), credential.Expires);
    }

    [Fact]
    public async Task The_role_of_the_instance_comes_from_the_metadata_service() => Assert.Equal("issued-sk-1", (await FetchAsync("ecs")).SecretKey);

    [Fact]
    public async Task A_role_is_assumed_with_an_OIDC_token()
    {
        await FetchAsync("oidc");

        Assert.Equal("AssumeRoleWithOIDC", Assert.Single(_sts.Requests).Action);
    }

    [Fact]
    public async Task A_role_may_be_assumed_by_another_profiles_role()
    {
        _sts.Roles["acs:ram::1234567890123456:role/second"] = 3600;

        AcmCredential credential = await FetchAsync("chained");

        Assert.Equal(["ak-test-0001", "STS.issued-ak-1"], _sts.Requests.Select(request => request.Field("AccessKeyId")));
        Assert.Equal("issued-sk-2", credential.SecretKey);
    }

    [Theory]
    [InlineData("self", "refer to each other in a cycle: self → self.")]
    [InlineData("a", "refer to each other in a cycle: a → b → a.")]
    [InlineData("lost", "has no profile 'nowhere'")]
    [InlineData("nobody", "has no profile 'nobody'")]
    [InlineData("sso", "signs in through a browser (CloudSSO)")]
    [InlineData("oauth", "signs in through a browser (OAuth)")]
    [InlineData("external", "gets its credentials from a program")]
    [InlineData("new", "has the mode 'Telepathy', which is not supported")]
    [InlineData("half", "has no secret key")]
    [InlineData("bare", "lacks sts_token")]
    public async Task What_can_not_be_used_says_why_without_a_secret(string profile, string message)
    {
        AcmException error = await FailsAsync(profile);

        Assert.Equal(AcmErrorKind.AuthenticationFailed, error.Kind);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", error.ToString() + error.Advice, StringComparison.Ordinal);
        Assert.Empty(_sts.Requests);
    }

    [Theory]
    [InlineData("{ \"canary", "is not the JSON")]
    [InlineData("[]", "is not the JSON")]
    [InlineData("{}", "does not name a current profile")]
    [InlineData("""{"current":"x","profiles":{}}""", "has no profile 'x'")]
    public async Task A_damaged_file_is_told_without_quoting_it(string text, string message)
    {
        _setting.Write(".aliyun/config.json", text);

        AcmException error = await FailsAsync(null);

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_with_a_byte_order_mark_is_read()
    {
        _setting.Write(".aliyun/config.json", "\uFEFF" + """{"current":"x","profiles":[{"name":"x","mode":"AK","access_key_id":"a","access_key_secret":"b"}]}""");

        Assert.Equal("b", (await FetchAsync(null)).SecretKey);
    }

    [Fact]
    public async Task Without_a_file_the_advice_is_to_make_one()
    {
        File.Delete(Path.Combine(_setting.Home, ".aliyun", "config.json"));

        AcmException error = await FailsAsync(null);

        Assert.Contains("was not found", error.Message, StringComparison.Ordinal);
        Assert.Contains("aliyun configure", error.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_home_the_current_folder_is_not_taken_for_one()
    {
        using var scope = new CredentialScope(new CredentialSourceOptions(), _setting.Clock, () => 0, _ => null, home: "");

        AcmException cli = await Assert.ThrowsAsync<AcmException>(async () => await new CliProfileProvider(scope, null).FetchAsync(TestContext.Current.CancellationToken));
        AcmException file = await Assert.ThrowsAsync<AcmException>(async () => await new CredentialsFileProvider(scope).FetchAsync(TestContext.Current.CancellationToken));

        Assert.Equal("This user has no home folder to look for .aliyun in.", cli.Message);
        Assert.Equal("This user has no home folder to look for .alibabacloud in.", file.Message);
    }

    private Task<AcmCredential> FetchAsync(string? profile) => _setting.FetchAsync(scope => new CliProfileProvider(scope, profile));

    private Task<AcmException> FailsAsync(string? profile) => _setting.FailsAsync(scope => new CliProfileProvider(scope, profile));
}
