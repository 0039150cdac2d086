using System.Management.Automation;
using Acm.Tests.StandIns;
using Acm.Tests.Support;

namespace Acm.Tests.Commands;

public sealed class CredentialSourceTests : IAsyncDisposable
{
    private const string ReadAll = "$s = Connect-Acm $data -Direct -NoSnapshot -FailoverPath /no-such-folder @with; Get-AcmConfig app.yml -Group g -Session $s | ForEach-Object Content";

    private readonly MetadataStandIn _metadata = new() { Issued = new IssuedCredentials { Mark = Canary.Secret("ecs") } };
    private readonly StsStandIn _sts = new() { Issued = new IssuedCredentials { Mark = Canary.Secret("sts") } };
    private readonly DataStandIn _data;
    private readonly ModuleShell _shell = ModuleShell.Open();
    private readonly TemporaryFiles _files = new();

    public CredentialSourceTests()
    {
        _data = new DataStandIn(_metadata.Issued, _sts.Issued);
        _shell["data"] = _data.Address;
        _shell["metadata"] = _metadata.Address;
        _shell["sts"] = _sts.Address;
        _shell["ca"] = _sts.CaPath;
        _shell["role"] = StsStandIn.RoleArn;
        _shell["provider"] = StsStandIn.ProviderArn;
        _shell["secret"] = Secure("sk-test-secret-0001");
    }

    public async ValueTask DisposeAsync()
    {
        _shell.Dispose();
        await _data.DisposeAsync();
        await _sts.DisposeAsync();
        await _metadata.DisposeAsync();
        _files.Dispose();
    }

    [Fact]
    public void Connecting_asks_nobody_and_the_first_read_signs_with_the_role_of_the_instance()
    {
        ModuleResult before = _shell.Run("$s = Connect-Acm $data -Direct -NoSnapshot -CredentialSource RamRole -MetadataEndpoint $metadata; $s.CredentialSource; \"$($s.AccessKey)|$($s.CredentialExpires)\"").ThrowOnError();
        Assert.Empty(_metadata.Requests);

        ModuleResult after = _shell.Run("Get-AcmConfig app.yml -Group g -Session $s | ForEach-Object Content; $s.AccessKey; ($s.CredentialExpires - [DateTimeOffset]::UtcNow).TotalHours").ThrowOnError();

        Assert.Equal(["RamRole", "|"], before.Texts);
        Assert.Equal(["a: 1", "STS.***-1"], after.Texts.Take(2));
        Assert.InRange((double)after.Output[2].BaseObject, 5.9, 6);
        Assert.Equal([$"STS.{Canary.Mark}-ecs-ak-1"], _data.Requests);
    }

    [Fact]
    public void The_name_of_a_role_is_enough_to_ask_for_it()
    {
        _shell.Run("$with = @{ RamRoleName = 'acm-reader'; MetadataEndpoint = $metadata }");

        Assert.Equal(["a: 1", "RamRole"], _shell.Run(ReadAll + "; $s.CredentialSource").ThrowOnError().Texts);
    }

    [Fact]
    public void Keys_assume_a_role()
    {
        _shell.Run("$with = @{ CredentialSource = 'AssumeRole'; AccessKey = 'ak-test-0001'; SecretKey = $secret; RoleArn = $role; RoleSessionName = 'me'; StsEndpoint = $sts; CaCertificatePath = $ca }");

        Assert.Equal(["a: 1", "AssumeRole"], _shell.Run(ReadAll + "; $s.CredentialSource").ThrowOnError().Texts);
        Assert.Equal("me", Assert.Single(_sts.Requests).Field("RoleSessionName"));
        Assert.Equal([$"STS.{Canary.Mark}-sts-ak-1"], _data.Requests);
    }

    [Fact]
    public void A_token_file_assumes_a_role_and_its_path_starts_at_the_shells_location()
    {
        _files.Write("token", _sts.OidcToken);
        _shell.Location = _files.Path;
        _shell.Run("$with = @{ CredentialSource = 'Oidc'; RoleArn = $role; OidcProviderArn = $provider; OidcTokenFile = 'token'; StsEndpoint = $sts; CaCertificatePath = $ca }");

        Assert.Equal(["a: 1", "Oidc"], _shell.Run(ReadAll + "; $s.CredentialSource").ThrowOnError().Texts);
    }

    [Fact]
    public void A_source_that_yields_nothing_is_AcmAuthenticationFailed_of_each_item()
    {
        _metadata.Role = null;
        _shell.Run("$with = @{ CredentialSource = 'RamRole'; MetadataEndpoint = $metadata }");

        ModuleResult result = _shell.Run(ReadAll);

        Assert.Equal("AcmAuthenticationFailed", result.ErrorId);
        Assert.Equal(ErrorCategory.AuthenticationError, result.Error.CategoryInfo.Category);
        Assert.Contains("This instance has no RAM role.", result.Error.Exception.Message, StringComparison.Ordinal);
        Assert.Contains("Attach a role", result.Error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Empty(_data.Requests);
    }

    [Fact]
    public void What_to_do_about_a_source_that_yields_nothing_is_about_the_source_and_not_about_keys()
    {
        _shell.Run("$with = @{ CredentialSource = 'RamRole'; MetadataEndpoint = $metadata; RamRoleName = 'acm-reader' }");
        _metadata.NextCredentials.Enqueue(new StandInReply(500, "none"));
        _metadata.NextCredentials.Enqueue(new StandInReply(500, "none"));

        ModuleResult result = _shell.Run(ReadAll);

        Assert.Equal("AcmAuthenticationFailed", result.ErrorId);
        Assert.Contains("-CredentialSource", result.Error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_signed_unasked_and_NoAuth_wins_over_every_source()
    {
        _data.Keys["none"] = "";
        _shell.Run("$null = Connect-Acm $data -Direct -NoSnapshot; Get-AcmConfig a -ErrorAction Ignore; (Get-AcmSession).CredentialSource");
        ModuleResult source = _shell.Run("$s = Connect-Acm $data -Direct -NoSnapshot -CredentialSource RamRole -MetadataEndpoint $metadata -NoAuth; Get-AcmConfig a -Session $s -ErrorAction Ignore; \"[$($s.CredentialSource)]\"");

        Assert.Equal(["[]"], source.Texts);
        Assert.Equal(["none", "none"], _data.Requests);
        Assert.Empty(_metadata.Requests);
    }

    [Theory]
    [InlineData("-CredentialSource Keys", "CredentialSource", "needs -AccessKey and -SecretKey")]
    [InlineData("-CredentialSource RamRole -AccessKey a -SecretKey $secret", "AccessKey", "-AccessKey requires -CredentialSource Keys or AssumeRole.")]
    [InlineData("-AccessKey a -SecretKey $secret -RamRoleName r", "RamRoleName", "requires -CredentialSource RamRole, AssumeRole or Default.")]
    [InlineData("-RoleArn acs:ram::1:role/r", "RoleArn", "requires -CredentialSource AssumeRole or Oidc.")]
    [InlineData("-CredentialSource Default -OidcTokenFile f", "OidcTokenFile", "requires -CredentialSource Oidc.")]
    [InlineData("-CredentialSource Environment -CliProfileName p", "CliProfileName", "requires -CredentialSource CliProfile, AssumeRole or Default.")]
    [InlineData("-CredentialSource RamRole -StsEndpoint sts.example", "StsEndpoint", "requires")]
    [InlineData("-CredentialSource Environment -MetadataEndpoint m", "MetadataEndpoint", "requires")]
    [InlineData("-CredentialSource AssumeRole -RoleArn reader", "RoleArn", "is not a valid role ARN")]
    [InlineData("-CredentialSource AssumeRole -RoleArn acs:ram::1:role/r -RoleSessionName 'a b'", "RoleSessionName", "2 to 64 letters")]
    [InlineData("-CredentialSource AssumeRole", "RoleArn", "is missing")]
    [InlineData("-CredentialSource AssumeRole -RoleArn acs:ram::1:role/r -StsEndpoint http://sts.example", "StsEndpoint", "plain HTTP")]
    [InlineData("-CredentialSource AssumeRole -RoleArn acs:ram::1:role/r -RamRoleName r -CliProfileName p", "RoleArn", "cannot be combined")]
    [InlineData("-CredentialSource Oidc -RoleArn acs:ram::1:role/r", "OidcProviderArn", "is missing")]
    [InlineData("-CredentialSource RamRole -MetadataEndpoint 'a b'", "MetadataEndpoint", "not valid")]
    [InlineData("-SecurityToken $secret", "SecurityToken", "needs -AccessKey and -SecretKey")]
    [InlineData("-SecretVault v", "SecretVault", "needs -SecretName")]
    [InlineData("-SecretName n -AccessKey a -SecretKey $secret", "SecretName", "cannot be combined")]
    [InlineData("-SecretName n", "SecretName", "needs the module Microsoft.PowerShell.SecretManagement")]
    public void Parameters_that_do_not_go_together_are_refused_with_a_word_why(string parameters, string parameter, string message)
    {
        ModuleResult result = _shell.Run("Connect-Acm 127.0.0.1:1 " + parameters);

        Assert.Equal("AcmInvalidParameter", result.ErrorId);
        Assert.Equal(parameter, Assert.IsAssignableFrom<ArgumentException>(result.Error.Exception).ParamName);
        Assert.Contains(message, result.Error.Exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[pscredential]::new('vault-ak', $vaultSecret)")]
    [InlineData("@{ AccessKeyId = 'vault-ak'; AccessKeySecret = 'canary-vault-sk' }")]
    [InlineData("@{ accesskeyid = 'vault-ak'; AccessKeySecret = $vaultSecret }")]
    [InlineData("'{ \"AccessKeyId\": \"vault-ak\", \"AccessKeySecret\": \"canary-vault-sk\" }'")]
    [InlineData("[System.Net.NetworkCredential]::new('', '{ \"AccessKeyId\": \"vault-ak\", \"AccessKeySecret\": \"canary-vault-sk\" }').SecurePassword")]
    public void A_vault_of_SecretManagement_holds_the_keys_in_any_of_its_forms(string secret)
    {
        _data.Keys["vault-ak"] = "canary-vault-sk";
        Vault(secret);
        _shell.Run("$with = @{ SecretVault = 'work'; SecretName = 'acm' }");

        Assert.Equal(["a: 1", "Keys"], _shell.Run(ReadAll + "; $s.CredentialSource").ThrowOnError().Texts);
    }

    [Fact]
    public void The_keys_of_a_vault_may_assume_a_role()
    {
        Vault("@{ AccessKeyId = 'ak-test-0001'; AccessKeySecret = 'sk-test-secret-0001' }");
        _shell.Run("$with = @{ CredentialSource = 'AssumeRole'; SecretName = 'acm'; RoleArn = $role; StsEndpoint = $sts; CaCertificatePath = $ca }");

        Assert.Equal(["a: 1"], _shell.Run(ReadAll).ThrowOnError().Texts);
    }

    [Theory]
    [InlineData("42", "holds neither keys nor text")]
    [InlineData("'canary'", "is not valid JSON")]
    [InlineData("'[\"canary\"]'", "is JSON, but not an object")]
    [InlineData("@{ AccessKeyId = 'canary' }", "lacks AccessKeySecret")]
    [InlineData("$null", "was not found")]
    [InlineData("throw 'The vault is locked.'", "The vault is locked.")]
    public void A_secret_that_holds_no_keys_says_what_is_expected_and_nothing_of_what_it_holds(string secret, string message)
    {
        Vault(secret);

        ModuleResult result = _shell.Run("Connect-Acm 127.0.0.1:1 -SecretVault work -SecretName acm");

        Assert.Equal("AcmInvalidParameter", result.ErrorId);
        Assert.Contains(message, result.Error.Exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", result.Error.Exception.ToString(), StringComparison.Ordinal);
    }

    private void Vault(string secret)
    {
        // The module determines the name of the file.
        string module = _files.Write("Microsoft.PowerShell.SecretManagement.psm1", $$"""
            function Get-Secret {
                [CmdletBinding()] param([string] $Name, [string] $Vault)
                if ($Name -ne 'acm' -or ($Vault -and $Vault -ne 'work')) { throw 'No such secret.' }
                $vaultSecret = [System.Net.NetworkCredential]::new('', 'canary-vault-sk').SecurePassword
                {{secret}}
            }
            """);
        _shell.Run($"Import-Module '{module}'").ThrowOnError();
    }

    private static System.Security.SecureString Secure(string text)
    {
        var secure = new System.Security.SecureString();
        foreach (char c in text) secure.AppendChar(c);
        return secure;
    }
}
