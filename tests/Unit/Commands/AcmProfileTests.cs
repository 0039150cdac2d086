using System.Management.Automation;
using Acm.Tests.Support;

namespace Acm.Tests.Commands;

[Collection(ProfilesCollection.Name)]
public sealed class AcmProfileTests : IDisposable
{
    private const string Secret = "s3cr3t-of-the-test";

    private readonly ModuleProfiles _profiles = new();
    private readonly ModuleShell _shell = ModuleShell.Open();

    public AcmProfileTests() => _shell["secret"] = Secure(Secret);

    public void Dispose()
    {
        _shell.Dispose();
        _profiles.Dispose();
    }

    [Fact]
    public void The_kind_of_server_is_kept()
    {
        ModuleResult result = _shell.Run("Add-AcmProfile a nacos.example.com -ServerType Nacos -SkipTest; $s = Use-AcmProfile a; \"$($s.ServerType) $($s.Protocol)\"");

        Assert.Equal(["Nacos Nacos"], result.ThrowOnError().Texts);
    }

    [Fact]
    public void Servers_a_user_and_his_password_are_kept_and_an_endpoint_takes_their_place()
    {
        _shell["credential"] = new PSCredential("ann", Secure(Secret));

        _shell.Run("Add-AcmProfile n -Server nacos.example.com, b/ctx -Namespace dev -Credential $credential -SkipTest").ThrowOnError();
        ModuleResult kept = _shell.Run("$s = Use-AcmProfile n; \"$($s.ServerType) $($s.Direct) $($s.Endpoint) $($s.UserName)\"; $p = Get-AcmProfile n; $p.Settings.Credential; $p.Secrets -join ' '; $p.CredentialSource");
        _shell.Run("Add-AcmProfile n -AccessKey LTAI1234567890xy -SecretKey $credential.Password -SkipTest").ThrowOnError();
        ModuleResult keys = _shell.Run("$s = Use-AcmProfile n; \"$($s.UserName)|$($s.AccessKey)\"; (Get-AcmProfile n).Secrets -join ' '");
        _shell.Run("Add-AcmProfile n -Endpoint acm.example.com -SkipTest").ThrowOnError();
        ModuleResult endpoint = _shell.Run("$s = Use-AcmProfile n; \"$($s.ServerType) $($s.Direct) $($s.Endpoint)\"");

        Assert.Equal(["Auto True nacos.example.com,b/ctx ann", "ann", "password", "Keys"], kept.ThrowOnError().Texts);
        Assert.Equal(["|LTAI***xy", "secretKey"], keys.ThrowOnError().Texts);
        Assert.Equal(["Acm False acm.example.com"], endpoint.ThrowOnError().Texts);
    }

    [Fact]
    public void A_profile_that_was_added_is_used_by_its_name_with_all_that_it_keeps()
    {
        ModuleResult add = _shell.Run("""
            Add-AcmProfile prod -Endpoint 127.0.0.1:1 -Namespace ns-1 -AccessKey LTAI1234567890xy -SecretKey $secret -UseTls -TlsServerName acm.example -TimeoutSec 7.5 `
                -UnitName sh -AppName Shop -SnapshotPath snap -LongPollTimeoutSec 45 -AllowEuroSign -SkipTest
            """);
        ModuleResult use = _shell.Run("$s = Use-AcmProfile prod; $s.Profile; $s.Endpoint; $s.Namespace; $s.AccessKey; $s.Tls; \"$($s.TimeoutSec)\"; $s.UnitName; $s.AppName; $s.SnapshotPath -like '*snap'; (Get-AcmSession).Profile");

        Assert.Empty(add.Output);
        Assert.Empty(use.Errors);
        Assert.Equal(["prod", "127.0.0.1:1", "ns-1", "LTAI***xy", "True", "7.5", "sh", "Shop", "True", "prod"], use.Texts);
    }

    [Fact]
    public void Every_option_of_a_connection_is_kept_by_the_name_of_its_parameter()
    {
        // Credentials, KMS, TLS files and proxies have separate tests, because they cannot be combined.
        ModuleResult result = _shell.Run("""
            $apart = 'Name', 'Endpoint', 'Namespace', 'AccessKey', 'SecretKey', 'Credential', 'SecurityToken', 'CredentialSource', 'SecretName', 'SecretVault', 'RamRoleName', 'RoleArn', 'RoleSessionName', 'OidcProviderArn',
                'OidcTokenFile', 'OidcAudience', 'CliProfileName', 'StsEndpoint', 'MetadataEndpoint', 'UseKms', 'KmsRegionId', 'KmsKeyId', 'KmsAccessKey', 'KmsSecretKey', 'KmsEndpoint', 'CaCertificatePath', 'Proxy',
                'ProxyCredential', 'NoProxy', 'Server', 'IdentityKey', 'IdentityValue', 'Default', 'SkipTest', 'PassThru', 'WhatIf', 'Confirm' + [System.Management.Automation.PSCmdlet]::CommonParameters
            $given = @{}
            foreach ($parameter in (Get-Command Add-AcmProfile).Parameters.Values) {
                if ($parameter.Name -notin $apart) { $given[$parameter.Name] = switch ($parameter.ParameterType.Name) { String { 'kept' } SwitchParameter { $true } ServerType { 'Acm' } default { 50 } } }
            }

            Add-AcmProfile all -Endpoint 127.0.0.1:1 @given -SkipTest
            $kept = (Get-AcmProfile all).Settings
            $given.Count -ge 17
            $given.Keys | Where-Object { $_ -like '*Path' ? $kept[$_] -notlike '*kept' : "$($kept[$_])" -ne "$($given[$_])" }
            """);

        Assert.Equal(["True"], result.ThrowOnError().Texts);
    }

    [Fact]
    public void A_proxy_is_kept_and_its_password_is_no_plain_setting()
    {
        _shell["credential"] = new PSCredential("ann", Secure(Secret));

        _shell.Run("Add-AcmProfile one h1 -Proxy http://proxy.invalid:3128 -ProxyCredential $credential -SkipTest; Add-AcmProfile two h1 -Proxy 'http://bob:p%40ss@proxy.invalid' -SkipTest").ThrowOnError();
        ModuleResult kept = _shell.Run("(Use-AcmProfile one).Proxy; (Get-AcmProfile one).Settings.ProxyCredential; (Get-AcmProfile one).Secrets -join ' '; (Use-AcmProfile two).Proxy; (Get-AcmProfile two).Settings.ProxyCredential");
        _shell.Run("Add-AcmProfile one -NoProxy -SkipTest").ThrowOnError();
        ModuleResult none = _shell.Run("$s = Use-AcmProfile one; \"$($s.Proxy)\"; $s.NoProxy; (Get-AcmProfile one).Settings.Contains('ProxyCredential')");
        _shell.Run("Add-AcmProfile one -Proxy proxy.invalid:8888 -SkipTest").ThrowOnError();
        ModuleResult other = _shell.Run("$s = Use-AcmProfile one; $s.Proxy; $s.NoProxy");

        Assert.Equal(["http://proxy.invalid:3128", "ann", "proxyPassword", "http://proxy.invalid", "bob"], kept.Texts);
        Assert.Equal(["", "True", "False"], none.Texts);
        Assert.Equal(["http://proxy.invalid:8888", "False"], other.Texts);
    }

    [Fact]
    public void R22_Adding_again_changes_only_what_is_given()
    {
        _shell.Run("Add-AcmProfile prod -Endpoint 127.0.0.1:1 -Namespace ns-1 -AccessKey LTAI1234567890xy -SecretKey $secret -UseTls -TimeoutSec 7 -SkipTest").ThrowOnError();

        _shell.Run("Add-AcmProfile prod -UnitName sh -SkipTest").ThrowOnError();
        ModuleResult kept = _shell.Run("$s = Use-AcmProfile prod; $s.UnitName; $s.Tls; $s.TimeoutSec; $s.Namespace; $s.AccessKey");
        _shell.Run("Add-AcmProfile prod -UseTls:$false -SkipTest").ThrowOnError();

        Assert.Equal(["sh", "True", "7", "ns-1", "LTAI***xy"], kept.Texts);
        Assert.Equal(["False"], _shell.Run("(Use-AcmProfile prod).Tls").Texts);
    }

    [Fact]
    public void Without_a_name_the_namespace_is_the_name_and_the_same_namespace_the_same_profile()
    {
        ModuleResult result = _shell.Run("""
            Add-AcmProfile -Endpoint h1 -Namespace ns -SkipTest -PassThru | ForEach-Object Name
            Add-AcmProfile -Endpoint h2 -Namespace ns -SkipTest -PassThru | ForEach-Object Name
            Add-AcmProfile -Endpoint h1 -SkipTest -PassThru | ForEach-Object Name
            Add-AcmProfile -Endpoint h1 -Namespace ns -UnitName sh -SkipTest -PassThru | ForEach-Object { $_.Settings.UnitName }
            (Get-AcmProfile).Count
            """);

        Assert.Empty(result.Errors);
        Assert.Equal(["ns", "h2-ns", "[default]", "sh", "3"], result.Texts);
    }

    [Fact]
    public void S2_No_view_of_a_profile_shows_a_secret_and_the_file_is_for_its_owner_only()
    {
        _shell.Run("Add-AcmProfile prod -Endpoint h -AccessKey LTAI1234567890xy -SecretKey $secret -SkipTest").ThrowOnError();

        ModuleResult result = _shell.Run("Get-AcmProfile prod -Verbose -Debug; Use-AcmProfile -Verbose -Debug");
        string all = string.Join("\n", result.Output.SelectMany(o => o.Properties.Select(p => $"{p.Name}={p.Value}").Append(PSSerializer.Serialize(o, 8))).Concat(result.Verbose).Concat(result.Debug));

        Assert.Empty(result.Errors);
        Assert.DoesNotContain(Secret, all, StringComparison.Ordinal);
        Assert.DoesNotContain("LTAI1234567890xy", all, StringComparison.Ordinal);
        Assert.Equal(["secretKey"], (string[])result.Output[0].Properties["Secrets"].Value);
        // The build for Windows PowerShell does not set file modes, because Windows encrypts the secret for the user.
        if (!OperatingSystem.IsWindows() && Environment.GetEnvironmentVariable("ACM_FLAVOUR") is null) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_profiles.Path));
    }

    [Fact]
    public void A_profile_keeps_how_it_encrypts_and_shows_no_secret_of_it()
    {
        _shell.Run("Add-AcmProfile prod -Endpoint h -UseKms -KmsRegionId cn-hangzhou -KmsKeyId alias/mine -KmsAccessKey LTAI-kms-key-0001 -KmsSecretKey $secret -SkipTest").ThrowOnError();

        ModuleResult used = _shell.Run("$s = Use-AcmProfile prod; $s.UseKms; $s.KmsRegionId; $s.KmsKeyId; $s.KmsAccessKey");
        ModuleResult shown = _shell.Run("Get-AcmProfile prod");
        ModuleResult off = _shell.Run("Add-AcmProfile prod -UseKms:$false -SkipTest; (Use-AcmProfile prod).UseKms");

        Assert.Equal(["True", "cn-hangzhou", "alias/mine", "LTAI***01"], used.Texts);
        Assert.DoesNotContain(Secret, PSSerializer.Serialize(shown.Output[0], 8), StringComparison.Ordinal);
        Assert.Equal(["kmsSecretKey"], (string[])shown.Output[0].Properties["Secrets"].Value);
        Assert.Empty(off.Errors);
        Assert.Equal(["False"], off.Texts);
    }

    [Fact]
    public void The_first_profile_is_the_default_one_and_Get_marks_it_and_the_current_one()
    {
        _shell.Run("Add-AcmProfile a -Endpoint h -SkipTest; Add-AcmProfile b -Endpoint h -Namespace n -SkipTest; $null = Use-AcmProfile b").ThrowOnError();
        const string Marks = "Get-AcmProfile | ForEach-Object { \"$($_.Name) $($_.IsDefault) $($_.IsCurrent)\" }";

        Assert.Equal(["a True False", "b False True"], _shell.Run(Marks).Texts);

        _shell.Run("$null = Use-AcmProfile; Add-AcmProfile b -Default -SkipTest").ThrowOnError();
        Assert.Equal(["a False True", "b True False"], _shell.Run(Marks).Texts);

        _shell.Run("$null = Use-AcmProfile a -Default; Disconnect-Acm").ThrowOnError();
        Assert.Equal(["a True False", "b False False"], _shell.Run(Marks).Texts);
    }

    [Theory]
    [InlineData("Use-AcmProfile 'h:8080:n'", "b")]
    [InlineData("Use-AcmProfile 'h:8080:[default]'", "a")]
    [InlineData("Use-AcmProfile 'h:8080:'", "a")]
    [InlineData("Connect-Acm -Profile 'h:8080:n'", "b")]
    [InlineData("Get-AcmProfile b | Use-AcmProfile", "b")]
    public void A_profile_is_used_by_endpoint_and_namespace_as_well(string script, string expected)
    {
        _shell.Run("Add-AcmProfile a -Endpoint h:8080 -SkipTest; Add-AcmProfile b -Endpoint h:8080 -Namespace n -SkipTest").ThrowOnError();

        Assert.Equal([expected], _shell.Run($"({script}).Profile").ThrowOnError().Texts);
    }

    [Theory]
    [InlineData("Use-AcmProfile Prod", "UseAcmProfileCommand", "'prod' exists")]
    [InlineData("Use-AcmProfile other", "UseAcmProfileCommand", "Profiles: prod")]
    [InlineData("Connect-Acm -Profile other", "ConnectAcmCommand", "Profiles: prod")]
    [InlineData("Get-AcmProfile other", "GetAcmProfileCommand", "Profiles: prod")]
    [InlineData("Remove-AcmProfile other", "RemoveAcmProfileCommand", "Profiles: prod")]
    public void A_profile_that_is_not_there_is_an_error_that_says_which_are(string script, string command, string message)
    {
        _shell.Run("Add-AcmProfile prod -Endpoint h -SkipTest").ThrowOnError();

        ErrorRecord error = _shell.Run(script).Error;

        Assert.Equal("AcmProfileNotFound,AcmPowerShell." + command, error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ObjectNotFound, error.CategoryInfo.Category);
        Assert.Contains(message, error.Exception.Message, StringComparison.Ordinal);
        Assert.Contains("Add-AcmProfile", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_profiles_of_one_namespace_are_told_apart_by_name_only()
    {
        _shell.Run("Add-AcmProfile reader -Endpoint h -SkipTest; Add-AcmProfile writer -Endpoint h -SkipTest").ThrowOnError();

        ModuleResult result = _shell.Run("Use-AcmProfile 'h:'");

        Assert.Equal("AcmInvalidParameter", result.ErrorId);
        Assert.Contains("reader, writer", result.Error.Exception.Message, StringComparison.Ordinal);
        Assert.Equal(2, _shell.Run("Get-AcmProfile 'h:'").Output.Count);
    }

    [Theory]
    [InlineData("Add-AcmProfile new -SkipTest", "-Endpoint")]
    [InlineData("Add-AcmProfile 'a:b' -Endpoint h", "colon")]
    [InlineData("Add-AcmProfile -SkipTest", "Specify the profile")]
    [InlineData("Add-AcmProfile p -Endpoint 'a b c'", "endpoint")]
    [InlineData("Add-AcmProfile p -Endpoint h -Namespace 'no/namespace'", "namespace")]
    [InlineData("Add-AcmProfile p -Endpoint h -AccessKey k", "-SecretKey")]
    [InlineData("Add-AcmProfile p -Endpoint h, i", "-Direct")]
    [InlineData("Add-AcmProfile p -Endpoint h -CaCertificatePath /no-such-file.pem", "no-such-file")]
    public void What_can_not_be_connected_with_is_refused_and_not_kept(string script, string message)
    {
        ModuleResult result = _shell.Run(script);

        Assert.Equal("AcmInvalidParameter", result.ErrorId);
        Assert.Contains(message, result.Error.Exception.Message, StringComparison.OrdinalIgnoreCase);
        Assert.False(File.Exists(_profiles.Path));
    }

    [Fact]
    public void A_connection_that_does_not_work_is_a_warning_and_the_profile_is_kept()
    {
        ModuleResult result = _shell.Run("Add-AcmProfile prod -Endpoint 127.0.0.1:1 -TimeoutSec 5");

        Assert.Empty(result.Errors);
        Assert.Contains("127.0.0.1:1", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Contains("saved", result.Warnings[0], StringComparison.Ordinal);
        Assert.Equal(["prod"], _shell.Run("Get-AcmProfile").Texts);
    }

    [Fact]
    public void A_connection_that_works_is_no_word_worth()
    {
        using var server = new ModuleServer();
        _shell["server"] = server.Endpoint;

        ModuleResult add = _shell.Run("Add-AcmProfile local -Endpoint $server -Namespace n -NoSnapshot");
        ModuleResult use = _shell.Run("$null = Use-AcmProfile local; Set-AcmConfig a.txt 'one'; (Get-AcmConfig a.txt).Content");

        Assert.Empty(add.Errors);
        Assert.Empty(add.Warnings);
        Assert.Equal(["one"], use.ThrowOnError().Texts);
    }

    [Fact]
    public void A_started_server_pipes_into_a_profile()
    {
        ModuleResult result = _shell.Run("$s = Start-AcmServer -InMemory -AccessKey k -SecretKey $secret; $s | Add-AcmProfile local; $null = Use-AcmProfile local; Set-AcmConfig a 'x'; Get-AcmConfig a -Raw; $s | Stop-AcmServer");

        Assert.Empty(result.Warnings);
        Assert.Equal(["x"], result.ThrowOnError().Texts);
    }

    [Fact]
    public void What_is_given_beside_a_profile_goes_before_what_it_has_and_changes_it_not()
    {
        _shell.Run("Add-AcmProfile prod -Endpoint h -Namespace n -AccessKey LTAI1234567890xy -SecretKey $secret -UseTls -TimeoutSec 7 -SkipTest").ThrowOnError();
        string before = _profiles.Text;
        _shell["credential"] = new PSCredential("LTAIother00000zz", Secure("another"));

        ModuleResult result = _shell.Run("$s = Connect-Acm -Profile prod -Namespace m -UseTls:$false -Credential $credential; $s.Namespace; $s.Tls; $s.AccessKey; $s.TimeoutSec; \"$((Connect-Acm -Profile prod -NoAuth).AccessKey)\"");

        Assert.Equal(["m", "False", "LTAI***zz", "7", ""], result.ThrowOnError().Texts);
        Assert.Equal(before, _profiles.Text);
    }

    [Theory]
    [InlineData("Connect-Acm -Profile prod -Credential $credential")]
    [InlineData("Add-AcmProfile prod -Credential $credential -SkipTest; Connect-Acm -Profile prod")]
    public async Task A_credential_goes_before_the_identity_that_a_profile_holds(string connect)
    {
        await using var server = new ScriptedServer(request => request.Target switch
        {
            "/nacos/v3/admin/core/state" => ScriptedReply.Status(404),
            "/nacos/v1/console/server/state" => ScriptedReply.Text(200, "application/json", """{"version":"2.5.1"}"""),
            _ when IsLogin(request) => ScriptedReply.Text(200, "application/json", """{"accessToken":"token","tokenTtl":18000}"""),
            _ => ScriptedReply.Raw(200, "Content-MD5: 9dd4e461268c8034f5c8564e155c67a6", [(byte)'x']),
        });
        _shell["credential"] = new PSCredential("ann", Secure("another"));
        _shell["server"] = server.Address;
        _shell.Run("Add-AcmProfile prod -Server $server -IdentityKey X-Id -IdentityValue $secret -NoAuth -SkipTest").ThrowOnError();

        ModuleResult result = await Task.Run(() => _shell.Run($"$s = & {{ {connect} }}; Get-AcmConfig a -Session $s -Raw"));

        Assert.Equal(["x"], result.ThrowOnError().Texts);
        Assert.Contains(server.Requests, IsLogin);
        Assert.DoesNotContain(server.Requests, request => request.Headers.ContainsKey("X-Id"));

        static bool IsLogin(ScriptedRequest request) => request.Target.Contains("/login", StringComparison.Ordinal);
    }

    [Fact]
    public void Credentials_that_are_added_to_a_profile_leave_no_identity_in_it()
    {
        _shell.Run("Add-AcmProfile prod -Server h -IdentityKey X-Id -IdentityValue $secret -SkipTest").ThrowOnError();

        _shell.Run("Add-AcmProfile prod -RamRoleName acm -SkipTest").ThrowOnError();

        Assert.DoesNotContain("X-Id", _profiles.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, _profiles.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-AccessKey a")]
    [InlineData("-SecretKey $secret")]
    public void Keys_are_given_beside_a_profile_in_one_way_not_both(string key)
    {
        _shell.Run("Add-AcmProfile prod -Endpoint h -SkipTest").ThrowOnError();
        _shell["credential"] = new PSCredential("LTAIother00000zz", Secure("another"));

        ModuleResult result = _shell.Run("Connect-Acm -Profile prod -Credential $credential " + key);

        Assert.Equal("AcmInvalidParameter", result.ErrorId);
        Assert.Contains("-Credential cannot be combined with -AccessKey and -SecretKey", result.Error.Exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Connect-Acm -Endpoint h -Profile p", "AmbiguousParameterSet")]
    [InlineData("Connect-Acm h -Profile p", "PositionalParameterNotFound")]
    public void Connect_takes_a_profile_or_an_endpoint_not_both(string script, string error) => Assert.Equal(error, _shell.Run(script).ErrorId);

    [Theory]
    [InlineData("-CredentialSource RamRole -RamRoleName acm", "RamRole")]
    [InlineData("-RamRoleName acm", "RamRole")]
    [InlineData("-CredentialSource Environment", "Environment")]
    [InlineData("-CredentialSource CliProfile -CliProfileName work", "CliProfile")]
    [InlineData("-SecretName acm-keys -SecretVault v", "Keys")]
    [InlineData("-NoAuth", "")]
    public void A_profile_may_hold_no_secret_at_all(string parameters, string source)
    {
        _shell.Run($"Add-AcmProfile prod -Endpoint h {parameters} -SkipTest").ThrowOnError();

        Assert.Equal([source, "0"], _shell.Run("$p = Get-AcmProfile; [string]$p.CredentialSource; $p.Secrets.Count").Texts);
        Assert.DoesNotContain("secrets", _profiles.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-CredentialSource RamRole", "RamRole", false)]
    [InlineData("-RamRoleName acm", "RamRole", false)]
    [InlineData("-SecretName acm-keys", "Keys", false)]
    [InlineData("-CredentialSource AssumeRole -RoleArn acs:ram::1:role/r", "AssumeRole", true)]
    [InlineData("-UnitName sh", "Keys", true)]
    public void Another_source_takes_the_place_of_keys_unless_it_uses_them(string parameters, string source, bool keeps)
    {
        _shell.Run("Add-AcmProfile prod -Endpoint h -AccessKey LTAI1234567890xy -SecretKey $secret -SkipTest").ThrowOnError();

        _shell.Run($"Add-AcmProfile prod {parameters} -SkipTest").ThrowOnError();

        Assert.Equal([source], _shell.Run("(Get-AcmProfile).CredentialSource").Texts);
        Assert.Equal(keeps, _profiles.Text.Contains(Secret, StringComparison.Ordinal));
        Assert.Equal(keeps, _profiles.Text.Contains("LTAI1234567890xy", StringComparison.Ordinal));
    }

    [Fact]
    public void Keys_take_the_place_of_another_source_and_of_a_vault()
    {
        _shell.Run("""
            Add-AcmProfile role -Endpoint h -CredentialSource RamRole -RamRoleName acm -SkipTest
            Add-AcmProfile vault -Endpoint h -SecretName acm-keys -SecretVault v -SkipTest
            'role', 'vault' | ForEach-Object { Add-AcmProfile $_ -AccessKey LTAI1234567890xy -SecretKey $secret -SkipTest }
            """).ThrowOnError();

        Assert.Equal(["LTAI***xy", "LTAI***xy"], _shell.Run("'role', 'vault' | ForEach-Object { (Connect-Acm -Profile $_).AccessKey }").ThrowOnError().Texts);
        Assert.DoesNotContain("acm-keys", _profiles.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("RamRole", _profiles.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_credential_source_beside_a_profile_goes_before_its_keys()
    {
        _shell.Run("Add-AcmProfile prod -Endpoint h -AccessKey LTAI1234567890xy -SecretKey $secret -SkipTest").ThrowOnError();

        Assert.Equal(["Environment"], _shell.Run("(Connect-Acm -Profile prod -CredentialSource Environment).CredentialSource").ThrowOnError().Texts);
    }

    [Fact]
    public void A_vault_that_is_not_there_is_a_warning_when_added_and_an_error_when_used()
    {
        ModuleResult add = _shell.Run("Add-AcmProfile prod -Endpoint 127.0.0.1:1 -SecretName acm-keys");
        ModuleResult use = _shell.Run("Use-AcmProfile prod");

        Assert.Empty(add.Errors);
        Assert.Contains("SecretManagement", Assert.Single(add.Warnings), StringComparison.Ordinal);
        Assert.Equal("AcmInvalidParameter", use.ErrorId);
        Assert.Contains("SecretManagement", use.Error.Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Removing_asks_per_profile_and_takes_the_secrets_along()
    {
        _shell.Run("Add-AcmProfile a1 -Endpoint h -AccessKey k -SecretKey $secret -SkipTest; Add-AcmProfile a2 -Endpoint h -Namespace n -SkipTest; Add-AcmProfile b -Endpoint h -Namespace m -SkipTest").ThrowOnError();

        _shell.Run("Remove-AcmProfile * -WhatIf").ThrowOnError();
        Assert.Equal(["a1", "a2", "b"], _shell.Run("Get-AcmProfile").Texts);

        _shell.Run("Get-AcmProfile a* | Remove-AcmProfile").ThrowOnError();
        Assert.Equal(["b"], _shell.Run("Get-AcmProfile").Texts);
        Assert.DoesNotContain(Secret, _profiles.Text, StringComparison.Ordinal);
        Assert.Equal("AcmProfileNotFound", _shell.Run("Use-AcmProfile").ErrorId);
    }

    [Fact]
    public void WhatIf_adds_nothing()
    {
        ModuleResult result = _shell.Run("Add-AcmProfile a -Endpoint 127.0.0.1:1 -WhatIf");

        Assert.Empty(result.Errors);
        Assert.Empty(result.Warnings);
        Assert.False(File.Exists(_profiles.Path));
    }

    [Theory]
    [InlineData("Get-AcmProfile")]
    [InlineData("Use-AcmProfile")]
    [InlineData("Add-AcmProfile a -Endpoint h -SkipTest")]
    [InlineData("Remove-AcmProfile a")]
    [InlineData("Connect-Acm -Profile a")]
    public void A_damaged_file_ends_every_command_and_is_left_as_it_is(string script)
    {
        const string Damaged = "{ \"version\": 1,\n\"profiles\": {\n\"a\": { \"endpoint\": \"h\", } } }";
        _profiles.Write(Damaged);

        ErrorRecord error = _shell.Run(script).Error;

        Assert.StartsWith("AcmInvalidProfile,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(ErrorCategory.InvalidData, error.CategoryInfo.Category);
        Assert.Contains("on line 3", error.Exception.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
        Assert.Equal(Damaged, _profiles.Text);
    }

    [Theory]
    [InlineData("\"timeoutSec\": 0")]
    [InlineData("\"timeoutSec\": \"3\"")]
    [InlineData("\"useTls\": 1")]
    [InlineData("\"unitName\": []")]
    [InlineData("\"longPollTimeoutSec\": 5")]
    [InlineData("\"credentialSource\": \"Nowhere\"")]
    [InlineData("\"credentialSource\": \"7\"")]
    public void A_setting_that_can_not_be_is_named_by_its_line(string setting)
    {
        _profiles.Write($"{{ \"version\": 1, \"profiles\": {{ \"a\": {{ \"endpoint\": \"h\",\n{setting}\n}} }} }}");

        foreach (string script in new[] { "Get-AcmProfile a", "Use-AcmProfile a" })
        {
            ModuleResult result = _shell.Run(script);
            Assert.Equal("AcmInvalidProfile", result.ErrorId);
            Assert.Contains("on line 2", result.Error.Exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_profile_without_an_endpoint_is_damage()
    {
        _profiles.Write("{ \"version\": 1, \"profiles\": {\n\"a\": {} } }");

        Assert.Equal("AcmInvalidProfile", _shell.Run("Use-AcmProfile a").ErrorId);
    }

    [Theory]
    [InlineData("Use-AcmProfile ", "'[default]' prod prod-2")]
    [InlineData("Use-AcmProfile PR", "prod prod-2")]
    [InlineData("Connect-Acm -Profile prod-", "prod-2")]
    [InlineData("Remove-AcmProfile '[d", "'[default]'")]
    public void Names_are_completed(string line, string expected)
    {
        _shell.Run("Add-AcmProfile prod -Endpoint h -Namespace n -SkipTest; Add-AcmProfile prod-2 -Endpoint h -Namespace m -SkipTest; Add-AcmProfile -Endpoint h -SkipTest").ThrowOnError();

        Assert.Equal(expected, string.Join(" ", Complete(line).Select(found => found.CompletionText)));
    }

    [Fact]
    public void Completion_says_nothing_of_a_damaged_file()
    {
        _profiles.Write("{");

        Assert.Empty(Complete("Use-AcmProfile x"));
    }

    private IReadOnlyList<CompletionResult> Complete(string line)
    {
        using var shell = PowerShell.Create();
        shell.Runspace = _shell.Runspace;
        return [.. CommandCompletion.CompleteInput(line, line.Length, null, shell).CompletionMatches];
    }

    private static System.Security.SecureString Secure(string text) => new System.Net.NetworkCredential("", text).SecurePassword;
}
