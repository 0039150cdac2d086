using System.Management.Automation;
using Acm.Tests.Support;

namespace Acm.Tests.Commands;

public sealed class ConnectAcmTests
{
    private const string Secret = Canary.Mark + "-secret-key";

    [Fact]
    public void Connecting_sends_nothing_and_succeeds_with_every_server_down()
    {
        using ModuleShell shell = ModuleShell.Open();

        ModuleResult result = shell.Run("$s = Connect-Acm 127.0.0.1:1 prod; $s.Endpoint; $s.Namespace; $s.IsConnected; \"$($s.Server)\"");

        Assert.Empty(result.Errors);
        Assert.Equal(["127.0.0.1:1", "prod", "True", ""], result.Texts);
    }

    [Fact]
    public void The_session_shows_a_shortened_access_key_and_nowhere_the_secret()
    {
        using ModuleShell shell = ModuleShell.Open();
        shell["secret"] = Secure(Secret);

        ModuleResult result = shell.Run("$s = Connect-Acm 127.0.0.1:1 -AccessKey LTAI1234567890xy -SecretKey $secret; $s; $s.AccessKey");
        string everything = string.Join("\n", result.Output[0].Properties.Select(p => p.Value?.ToString()));

        Assert.Equal("LTAI***xy", result.Texts[1]);
        Assert.DoesNotContain(Secret, everything, StringComparison.Ordinal);
        Assert.DoesNotContain("LTAI1234567890xy", everything, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-Proxy ftp://proxy.invalid", "'ftp://proxy.invalid' is not a valid proxy address")]
    [InlineData("-Proxy http://proxy.invalid -NoProxy", "-NoProxy cannot be combined with -Proxy")]
    public void A_proxy_that_can_not_be_used_is_an_invalid_parameter(string parameters, string expected)
    {
        using ModuleShell shell = ModuleShell.Open();

        ModuleResult result = shell.Run("Connect-Acm acm.invalid " + parameters);

        Assert.Equal("AcmInvalidParameter", result.ErrorId);
        Assert.Contains(expected, result.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_go_through_the_proxy_that_was_given_with_its_credential()
    {
        await using var proxy = new ScriptedServer(request => request.Headers.ContainsKey("Proxy-Authorization")
            ? ScriptedReply.Content("v")
            : ScriptedReply.Raw(407, "Proxy-Authenticate: Basic realm=\"p\"", []));
        using ModuleShell shell = ModuleShell.Open();
        shell["proxy"] = proxy.Address;
        shell["credential"] = new PSCredential("ann", Secure(Secret));

        ModuleResult result = shell.Run("$s = Connect-Acm acm.invalid -Direct -Proxy $proxy -ProxyCredential $credential -NoSnapshot -TimeoutSec 60; Get-AcmConfig a -Raw; $s.Proxy");

        Assert.Empty(result.Errors);
        Assert.Equal(["v", "http://" + proxy.Address], result.Texts);
    }

    [Fact]
    public void A_credential_is_taken_for_the_keys_and_NoAuth_leaves_them_out()
    {
        using ModuleShell shell = ModuleShell.Open();
        shell["credential"] = new PSCredential("LTAI1234567890xy", Secure(Secret));

        ModuleResult result = shell.Run("(Connect-Acm 127.0.0.1:1 -Credential $credential).AccessKey; \"$((Connect-Acm 127.0.0.1:1 -Credential $credential -NoAuth).AccessKey)\"");

        Assert.Equal(["LTAI***xy", ""], result.Texts);
    }

    [Theory]
    [InlineData("Connect-Acm 127.0.0.1:1 -AccessKey a")]
    [InlineData("Connect-Acm 127.0.0.1:1 -SecretKey $secret")]
    [InlineData("Connect-Acm 'a b c'")]
    [InlineData("Connect-Acm 127.0.0.1:99999")]
    [InlineData("Connect-Acm 127.0.0.1:1 'no/namespace'")]
    [InlineData("Connect-Acm 127.0.0.1:1 -TracePath /no-such-folder/trace.txt")]
    [InlineData("Connect-Acm 127.0.0.1:1 -CaCertificatePath /no-such-file.pem")]
    public void An_invalid_parameter_ends_the_command(string script)
    {
        using ModuleShell shell = ModuleShell.Open();
        shell["secret"] = Secure(Secret);

        ModuleResult result = shell.Run($"try {{ {script}; 'went on' }} catch {{ $_ }}");

        var error = (ErrorRecord)Assert.Single(result.Output).BaseObject;
        Assert.Equal("AcmInvalidParameter,AcmPowerShell.ConnectAcmCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.InvalidArgument, error.CategoryInfo.Category);
    }

    [Theory]
    [InlineData("Connect-Acm 'a b c'", "Endpoint")]
    [InlineData("Connect-Acm 127.0.0.1:1 'no/namespace'", "Namespace")]
    [InlineData("Connect-Acm 127.0.0.1:1 -AppName 'caf\u00e9'", "AppName")]
    [InlineData("Connect-Acm 127.0.0.1:1, 127.0.0.1:2", "Endpoint")]
    public void An_invalid_parameter_is_named_and_its_message_is_ours_alone(string script, string parameter)
    {
        using ModuleShell shell = ModuleShell.Open();

        ModuleResult result = shell.Run(script);

        ArgumentException inner = Assert.IsAssignableFrom<ArgumentException>(result.Error.Exception);
        Assert.Equal(parameter, inner.ParamName);
        Assert.DoesNotContain("(Parameter", inner.Message, StringComparison.Ordinal);
        if (script.Contains(", ", StringComparison.Ordinal)) Assert.Contains("Use -Direct or -Server to specify several servers", inner.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_connection_without_certificate_checks_warns()
    {
        using ModuleShell shell = ModuleShell.Open();

        ModuleResult result = shell.Run("1..2 | ForEach-Object { $null = Connect-Acm https://127.0.0.1:1 -SkipCertificateCheck }");

        Assert.Equal(2, result.Warnings.Count);
    }

    [Fact]
    public void Without_a_connection_a_command_ends_with_AcmNotConnected()
    {
        using ModuleShell shell = ModuleShell.Open();

        ModuleResult result = shell.Run("try { 'a', 'b' | Get-AcmConfig } catch { $_ }");

        var error = (ErrorRecord)Assert.Single(result.Output).BaseObject;
        Assert.Equal("AcmNotConnected,AcmPowerShell.GetAcmConfigCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ConnectionError, error.CategoryInfo.Category);
        Assert.Contains("Start-AcmServer -InMemory | Connect-Acm", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_server_is_is_found_out_unless_it_is_said_and_an_endpoint_is_ACM_s()
    {
        using ModuleShell shell = ModuleShell.Open();

        ModuleResult result = shell.Run("""
            foreach ($s in (Connect-Acm -Server nacos.example.com, b:1), (Connect-Acm -Server a -ServerType Acm), (Connect-Acm -Server a -ServerType Nacos), (Connect-Acm a -ServerType Nacos), (Connect-Acm a), (Connect-Acm a -Direct -ServerType Auto)) {
                "$($s.ServerType) $($s.Protocol) $($s.Direct) $($s.Endpoint)"
            }
            """);

        Assert.Equal(["Auto Auto True nacos.example.com,b:1", "Acm ACM True a", "Nacos Nacos True a", "Nacos Nacos False a", "Acm ACM False a", "Acm ACM True a"], result.ThrowOnError().Texts);
    }

    [Theory]
    [InlineData("Connect-Acm -Server a -AccessKey k -SecretKey $s", "Keys", "k***", "")]
    [InlineData("Connect-Acm -Server a -CredentialSource Environment", "Environment", "", "")]
    [InlineData("Connect-Acm -Server a -RamRoleName r", "RamRole", "", "")]
    [InlineData("Connect-Acm -Server a -Credential ([pscredential]::new('ann', $s))", "Keys", "", "ann")]
    [InlineData("Connect-Acm -Server a -Credential ([pscredential]::new('k', $s)) -SecurityToken $s", "Keys", "k***", "")]
    [InlineData("Connect-Acm a -Credential ([pscredential]::new('k', $s))", "Keys", "k***", "")]
    [InlineData("Connect-Acm -Server a -Credential ([pscredential]::new('ann', $s)) -NoAuth", "", "", "")]
    public void A_credential_is_a_user_for_Nacos_and_keys_stay_keys(string command, string source, string key, string user)
    {
        using ModuleShell shell = ModuleShell.Open();

        ModuleResult result = shell.Run($$"""$s = ConvertTo-SecureString s -AsPlainText -Force; $c = {{command}}; "$($c.CredentialSource)|$($c.AccessKey)|$($c.UserName)" """);

        Assert.Equal([$"{source}|{key}|{user}"], result.ThrowOnError().Texts);
    }

    [Theory]
    [InlineData("Connect-Acm -Server a -IdentityKey k", "IdentityValue")]
    [InlineData("Connect-Acm -Server a -IdentityValue $s", "IdentityKey")]
    [InlineData("Connect-Acm a -IdentityKey k -IdentityValue $s", "IdentityKey")]
    [InlineData("Connect-Acm -Server a -IdentityKey 'a b' -IdentityValue $s", "IdentityKey")]
    [InlineData("Connect-Acm -Server a -IdentityKey k -IdentityValue $s -Credential ([pscredential]::new('ann', $s))", "IdentityKey")]
    [InlineData("Connect-Acm -Server a -IdentityKey k -IdentityValue $s -AccessKey a -SecretKey $s", "IdentityKey")]
    [InlineData("Connect-Acm -Server http://a//b", "Endpoint")]
    [InlineData("Connect-Acm", "Server")]
    public void What_can_not_be_connected_with_names_its_parameter(string command, string parameter)
    {
        using ModuleShell shell = ModuleShell.Open();

        ErrorRecord error = shell.Run("$s = ConvertTo-SecureString 'canary-identity' -AsPlainText -Force; " + command).Error;

        Assert.Equal("AcmInvalidParameter,AcmPowerShell.ConnectAcmCommand", error.FullyQualifiedErrorId);
        Assert.Equal(parameter, error.Exception.GetType().GetProperty("ParamName")?.GetValue(error.Exception));
        Assert.DoesNotContain("canary-identity", error.Exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-Credential $c", "key-***st|127.0.0.1:1|True")]
    [InlineData("", "i-ke***ed|127.0.0.1:1|True")]
    public void A_piped_endpoint_goes_with_a_credential(string parameters, string expected)
    {
        using ModuleShell shell = ModuleShell.Open();

        ModuleResult result = shell.Run($$"""
            $c = [pscredential]::new('key-of-the-test', (ConvertTo-SecureString s -AsPlainText -Force))
            $piped = [pscustomobject]@{ Endpoint = '127.0.0.1:1'; Direct = $true; ServerType = 'Acm'; NoSnapshot = $true; AccessKey = 'i-key-of-the-piped'; SecretKey = $c.Password }
            $s = $piped | Connect-Acm {{parameters}}; "$($s.AccessKey)|$($s.Endpoint)|$($s.Direct)"
            """);

        Assert.Equal([expected], result.ThrowOnError().Texts);
    }

    [Fact]
    public void Nacos_and_ACM_of_one_name_have_folders_of_their_own()
    {
        using ModuleShell shell = ModuleShell.Open();

        ModuleResult result = shell.Run("""
            foreach ($s in (Connect-Acm -Server a), (Connect-Acm -Server http://a -ServerType Nacos), (Connect-Acm -Server a -ServerType Acm)) { Split-Path (Split-Path $s.SnapshotPath) -Leaf }
            """);

        Assert.Equal(["nacos_a", "nacos_a", "a_"], result.ThrowOnError().Texts);
    }

    [Fact]
    public void The_session_shows_the_kind_of_server_and_what_it_is_capable_of()
    {
        using ModuleShell shell = ModuleShell.Open();

        ModuleResult result = shell.Run("$s = Connect-Acm 127.0.0.1:1 -ServerType Acm; \"$($s.ServerType)\"; $s.Protocol; $s.Capabilities.Count");

        Assert.Equal(["Acm", "ACM", "0"], result.Texts);
    }

    [Fact]
    public void Disconnecting_ends_the_session_and_is_no_error_where_there_is_none()
    {
        using ModuleShell shell = ModuleShell.Open();

        ModuleResult result = shell.Run("$s = Connect-Acm 127.0.0.1:1; Disconnect-Acm; Disconnect-Acm; Get-AcmSession; $s.IsConnected");
        ModuleResult use = shell.Run("Get-AcmConfig a -Session $s");

        Assert.Empty(result.Errors);
        Assert.Equal(["False"], result.Texts);
        Assert.Equal("AcmNotConnected", use.ErrorId);
        Assert.Contains("Disconnect-Acm", use.Error.Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_runspaces_at_once_see_different_sessions()
    {
        using ModuleShell one = ModuleShell.Open();
        using ModuleShell two = ModuleShell.Open();
        one.Run("$null = Connect-Acm 127.0.0.1:1").ThrowOnError();
        two.Run("$null = Connect-Acm 127.0.0.1:2").ThrowOnError();

        Assert.Equal(["127.0.0.1:1"], one.Run("(Get-AcmSession).Endpoint").Texts);
        Assert.Equal(["127.0.0.1:2"], two.Run("(Get-AcmSession).Endpoint").Texts);
    }

    [Fact]
    public void A_closing_runspace_ends_its_sessions()
    {
        PSObject session;
        using (ModuleShell shell = ModuleShell.Open()) session = shell.Run("Connect-Acm 127.0.0.1:1").ThrowOnError().Output[0];

        Assert.Equal(false, session.Properties["IsConnected"].Value);
    }

    [Fact]
    public void The_default_folders_are_the_endpoints_own_and_relative_paths_start_at_the_shells_location()
    {
        using var files = new TemporaryFiles();
        using ModuleShell shell = ModuleShell.Open();
        shell.Location = files.Path;

        ModuleResult result = shell.Run("""
            $a = Connect-Acm 127.0.0.1:1; $b = Connect-Acm 127.0.0.1:2; $a.SnapshotPath -ne $b.SnapshotPath; $a.SnapshotPath -ne $a.FailoverPath
            (Connect-Acm 127.0.0.1:1 -SnapshotPath snap).SnapshotPath
            """);

        Assert.Equal(["True", "True", Path.Combine(files.Path, "snap")], result.Texts);
    }

    private static System.Security.SecureString Secure(string text)
    {
        var secure = new System.Security.SecureString();
        foreach (char c in text) secure.AppendChar(c);
        return secure;
    }
}
