using Acm.Client;
using Acm.Client.Credentials;
using Acm.Tests.StandIns;

namespace Acm.Tests.Credentials;

public sealed class OidcTests : IAsyncDisposable
{
    private readonly ProviderSetting _setting = new();
    private readonly StsStandIn _sts = new();

    public OidcTests()
    {
        _setting.Use(_sts);
        _setting.Options = _setting.Options with { RoleArn = StsStandIn.RoleArn, OidcProviderArn = StsStandIn.ProviderArn };
    }

    public async ValueTask DisposeAsync()
    {
        _setting.Dispose();
        await _sts.DisposeAsync();
    }

    [Fact]
    public async Task A_token_of_a_file_assumes_the_role_without_any_key_or_signature()
    {
        _setting.Options = _setting.Options with { OidcTokenFile = _setting.Write("token", _sts.OidcToken + "\n") };

        AcmCredential credential = await FetchAsync();

        RpcRequest request = Assert.Single(_sts.Requests);
        Assert.Equal("AssumeRoleWithOIDC", request.Action);
        Assert.False(request.Fields.ContainsKey("AccessKeyId"));
        Assert.Equal("issued-token-1", credential.SecurityToken);
    }

    [Fact]
    public async Task The_file_is_read_again_at_each_refresh()
    {
        string path = _setting.Write("token", _sts.OidcToken);
        _setting.Options = _setting.Options with { OidcTokenFile = path };
        ICredentialProvider provider = CredentialSources.Oidc(_setting.Scope);
        await provider.FetchAsync(TestContext.Current.CancellationToken);

        _sts.OidcToken = "rotated.token.sig";
        await File.WriteAllTextAsync(path, "rotated.token.sig", TestContext.Current.CancellationToken);
        await provider.FetchAsync(TestContext.Current.CancellationToken);

        Assert.Equal(2, _sts.Issued.Count);
    }

    [Fact]
    public async Task Kubernetes_gives_it_all_in_variables()
    {
        _setting.Options = _setting.Options with { RoleArn = null, OidcProviderArn = null };
        _setting.Variables["ALIBABA_CLOUD_ROLE_ARN"] = StsStandIn.RoleArn;
        _setting.Variables["ALIBABA_CLOUD_OIDC_PROVIDER_ARN"] = StsStandIn.ProviderArn;
        _setting.Variables["ALIBABA_CLOUD_OIDC_TOKEN_FILE"] = _setting.Write("token", _sts.OidcToken);

        Assert.Equal("issued-sk-1", (await FetchAsync()).SecretKey);
    }

    [Fact]
    public async Task A_variable_may_hold_the_token_itself()
    {
        _setting.Variables["ALIBABA_CLOUD_OIDC_TOKEN"] = _sts.OidcToken;

        Assert.Equal("issued-sk-1", (await FetchAsync()).SecretKey);
    }

    [Fact]
    public async Task GitHub_Actions_is_asked_for_a_token()
    {
        StandInRequest? asked = null;
        await using var github = new LoopbackHttp(certificate: null, (request, _) =>
        {
            asked = request;
            return Task.FromResult(new StandInReply(200, $$"""{"count":1,"value":"{{_sts.OidcToken}}"}"""));
        });
        _setting.Variables["ACTIONS_ID_TOKEN_REQUEST_URL"] = $"http://{github.Address}/token?api-version=2.0";
        _setting.Variables["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] = "request-token";

        AcmCredential credential = await FetchAsync();

        Assert.Equal("issued-sk-1", credential.SecretKey);
        Assert.Equal(("GET", "/token", "api-version=2.0&audience=sts.aliyuncs.com"), (asked!.Method, asked.Path, asked.Query));
        Assert.Equal("bearer request-token", asked.Headers["Authorization"]);
    }

    [Fact]
    public async Task GitHub_is_asked_for_the_audience_that_is_given_and_its_refusal_names_the_permission()
    {
        string query = "";
        await using var github = new LoopbackHttp(certificate: null, (request, _) =>
        {
            query = request.Query;
            return Task.FromResult(new StandInReply(403, "canary", "text/plain"));
        });
        _setting.Options = _setting.Options with { OidcAudience = "my audience" };
        _setting.Variables["ACTIONS_ID_TOKEN_REQUEST_URL"] = $"http://{github.Address}/token";
        _setting.Variables["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] = "canary-request";

        AcmException error = await FailsAsync();

        Assert.Equal("audience=my%20audience", query);
        Assert.Contains("answered 403", error.Message, StringComparison.Ordinal);
        Assert.Contains("id-token: write", error.Advice, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GitHubs_request_token_is_not_sent_in_the_clear_to_another_machine()
    {
        _setting.Variables["ACTIONS_ID_TOKEN_REQUEST_URL"] = "http://actions.example/token";
        _setting.Variables["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] = "canary-request";

        Assert.Contains("not a valid HTTPS address", (await FailsAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_any_token_the_error_names_where_it_was_looked_for()
    {
        string message = (await FailsAsync()).Message;

        Assert.All(["ALIBABA_CLOUD_OIDC_TOKEN_FILE", "ALIBABA_CLOUD_OIDC_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_URL"], name => Assert.Contains(name, message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "does not hold a valid OIDC token")]
    [InlineData("canary two words", "does not hold a valid OIDC token")]
    [InlineData("canary.wrong.token", "AuthenticationFail.OIDCToken.Invalid")]
    public async Task A_token_that_is_none_is_told_without_it(string token, string message)
    {
        _setting.Options = _setting.Options with { OidcTokenFile = _setting.Write("token", token) };

        AcmException error = await FailsAsync();

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, "AuthenticationFail.OIDCToken.Expired", "trust policy")]
    [InlineData(403, "AuthenticationFail.NoPermission", "trust policy")]
    [InlineData(404, "EntityNotExist.Role", "ARN of the role")]
    public async Task A_role_that_does_not_trust_the_token_is_told_as_that_and_not_as_a_key_without_rights(int status, string code, string advice)
    {
        _setting.Options = _setting.Options with { OidcTokenFile = _setting.Write("token", _sts.OidcToken) };
        _sts.NextReplies.Enqueue(RpcStandIn.Error(status, code));

        AcmException error = await FailsAsync();

        Assert.Equal(AcmErrorKind.AuthenticationFailed, error.Kind);
        Assert.Contains(code, error.Message, StringComparison.Ordinal);
        Assert.Contains(advice, error.Advice, StringComparison.Ordinal);
        Assert.DoesNotContain("access key", error.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_file_that_is_missing_is_named()
    {
        _setting.Options = _setting.Options with { OidcTokenFile = "/no-such-file" };

        Assert.Equal("The OIDC token file '/no-such-file' was not found.", (await FailsAsync()).Message);
    }

    [Fact]
    public void A_provider_that_is_missing_is_refused_before_anything_is_sent()
    {
        using var setting = new ProviderSetting { Options = new CredentialSourceOptions { RoleArn = StsStandIn.RoleArn } };

        Assert.StartsWith("OidcProviderArn is missing", Assert.Throws<ArgumentException>(() => CredentialSources.Oidc(setting.Scope)).Message, StringComparison.Ordinal);
    }

    private Task<AcmCredential> FetchAsync() => _setting.FetchAsync(CredentialSources.Oidc);

    private Task<AcmException> FailsAsync() => _setting.FailsAsync(CredentialSources.Oidc);
}
