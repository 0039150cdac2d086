using Acm.Client;
using Acm.Client.Credentials;
using Acm.Tests.StandIns;

namespace Acm.Tests.Credentials;

public sealed class CredentialsFileTests : IAsyncDisposable
{
    private readonly ProviderSetting _setting = new();
    private readonly StsStandIn _sts = new();
    private readonly MetadataStandIn _metadata = new();
    private readonly string _text;

    public CredentialsFileTests()
    {
        _setting.Use(_sts);
        _setting.Use(_metadata);
        _text = $"""
            ; Of several applications
            # and their keys.
            [default]
            type = access_key           # the usual one
            access_key_id = ak-test-0001
            access_key_secret = sk-test-secret-0001
            enable = true

            [ecs]
            type = ecs_ram_role
            role_name = acm-reader

            [role]
            type = ram_role_arn
            access_key_id = ak-test-0001
            access_key_secret = sk-test-secret-0001
            role_arn = {StsStandIn.RoleArn}
            role_session_name = ini
            policy = {"{}"}

            [oidc]
            type = oidc_role_arn
            role_arn = {StsStandIn.RoleArn}
            oidc_provider_arn = {StsStandIn.ProviderArn}
            oidc_token_file_path = {Path.Combine(_setting.Home, "token")}

            [off]
            enable = false
            type = access_key
            access_key_id = a
            access_key_secret = canary

            [rsa]
            type = rsa_key_pair
            private_key_file = canary

            [blank]
            type =
            access_key_secret = canary

            [new]
            type = telepathy
            access_key_secret = canary
            """;
        _setting.Write("token", _sts.OidcToken);
        _setting.Write(".alibabacloud/credentials.ini", _text);
    }

    public async ValueTask DisposeAsync()
    {
        _setting.Dispose();
        await _sts.DisposeAsync();
        await _metadata.DisposeAsync();
    }

    [Fact]
    public async Task The_section_default_is_used()
    {
        AcmCredential credential = await FetchAsync(null);

        Assert.Equal(("ak-test-0001", "sk-test-secret-0001"), (credential.AccessKey, credential.SecretKey));
    }

    [Fact]
    public async Task An_instance_role_comes_from_the_metadata_service() => Assert.Equal("issued-sk-1", (await FetchAsync("ecs")).SecretKey);

    [Fact]
    public async Task A_role_is_assumed()
    {
        await FetchAsync("role");

        RpcRequest request = Assert.Single(_sts.Requests);
        Assert.Equal(("AssumeRole", "ini", "{}"), (request.Action, request.Field("RoleSessionName"), request.Field("Policy")));
    }

    [Fact]
    public async Task A_role_is_assumed_with_an_OIDC_token()
    {
        await FetchAsync("oidc");

        Assert.Equal("AssumeRoleWithOIDC", Assert.Single(_sts.Requests).Action);
    }

    [Fact]
    public async Task The_file_without_extension_is_found_as_well()
    {
        File.Move(Path.Combine(_setting.Home, ".alibabacloud", "credentials.ini"), Path.Combine(_setting.Home, ".alibabacloud", "credentials"));

        Assert.Equal("ak-test-0001", (await FetchAsync(null)).AccessKey);
    }

    [Fact]
    public async Task A_variable_may_name_the_file()
    {
        _setting.Variables["ALIBABA_CLOUD_CREDENTIALS_FILE"] = _setting.Write("other.ini", "[default]\r\ntype=access_key\r\naccess_key_id=a\r\naccess_key_secret=b\r\n");

        Assert.Equal("b", (await FetchAsync(null)).SecretKey);
    }

    [Theory]
    [InlineData("off", "is disabled")]
    [InlineData("rsa", "which Alibaba Cloud discontinued")]
    [InlineData("blank", "lacks type")]
    [InlineData("new", "has the type 'telepathy'")]
    [InlineData("nobody", "has no section [nobody]")]
    public async Task What_can_not_be_used_says_why_without_a_secret(string section, string message)
    {
        _setting.Variables["ALIBABA_CLOUD_PROFILE"] = section;

        AcmException error = await _setting.FailsAsync(scope => new CredentialsFileProvider(scope));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", error.ToString() + error.Advice, StringComparison.Ordinal);
    }

    private Task<AcmCredential> FetchAsync(string? section)
    {
        _setting.Variables["ALIBABA_CLOUD_PROFILE"] = section;
        return _setting.FetchAsync(scope => new CredentialsFileProvider(scope));
    }
}
