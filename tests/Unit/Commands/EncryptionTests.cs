using System.Management.Automation;
using Acm.Tests.StandIns;
using Acm.Tests.Support;

namespace Acm.Tests.Commands;

/// <summary>Encrypted configurations in the cmdlets, with a real server and a stand-in for KMS.</summary>
public sealed class EncryptionTests(ModuleServer server) : IClassFixture<ModuleServer>, IAsyncDisposable
{
    private readonly KmsStandIn _kms = new();

    public ValueTask DisposeAsync() => _kms.DisposeAsync();

    [Theory]
    [InlineData("cipher-db.yaml")]
    [InlineData("cipher-kms-aes-128-db.yaml")]
    [InlineData("cipher-kms-aes-256-db.yaml")]
    public void What_is_set_is_stored_encrypted_and_read_decrypted(string dataId)
    {
        using ModuleShell shell = Connect();
        shell["id"] = dataId;

        ModuleResult result = shell.Run("""
            Set-AcmConfig $id 'password: 中文'
            Get-AcmConfig $id -Raw
            Get-AcmConfig $id -Raw -NoDecrypt
            """).ThrowOnError();

        Assert.Equal("password: 中文", result.Texts[0]);
        Assert.DoesNotContain("password", result.Texts[1], StringComparison.Ordinal);
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public void A_version_that_can_not_be_decrypted_hides_no_other()
    {
        using ModuleShell shell = Connect();

        ModuleResult result = shell.Run("""
            $encrypted = Get-AcmSession
            $plain = Connect-Acm $endpoint $ns -NoSnapshot -FailoverPath /no-such-folder
            Set-AcmConfig cipher-history.yaml 'this was never encrypted' -AllowPlaintext -Session $plain
            $PSDefaultParameterValues['*-Acm*:Session'] = $encrypted
            Set-AcmConfig cipher-history.yaml 'one'; Set-AcmConfig cipher-history.yaml 'two'
            $history = Get-AcmConfigHistory cipher-history.yaml -Content -Diff
            ($history | ForEach-Object { "$($_.Content)" }) -join ','
            ($history | ForEach-Object { $null -eq $_.Diff }) -join ','
            $raw = Get-AcmConfigHistory cipher-history.yaml -Content -NoDecrypt
            "$($raw[2].Content) $($raw[0].Content -ne 'two')"
            """).ThrowOnError();

        Assert.Equal(["two,one,", "False,True,True", "this was never encrypted True"], result.Texts);
        Assert.Single(result.Warnings, warning => warning.Contains("cannot be decrypted and have no content", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_views_fit_eighty_columns_and_show_neither_secret_nor_decrypted_content()
    {
        _kms.AccessKeys["kms-access-key"] = ("canary-secret", null);

        ShellResult result = await SharedShell.RunAsync($$"""
            $secret = ConvertTo-SecureString 'canary-secret' -AsPlainText -Force
            $kms = @{ UseKms = $true; KmsEndpoint = '{{_kms.Address}}'; CaCertificatePath = '{{_kms.CaPath}}'; KmsRegionId = 'cn-hangzhou'; KmsAccessKey = 'kms-access-key'; KmsSecretKey = $secret }
            $session = Connect-Acm {{server.Endpoint}} {{server.NewNamespace()}} -NoSnapshot -FailoverPath ./no-such-folder -TimeoutSec 30 @kms
            Set-AcmConfig cipher-kms-aes-128-db.yaml 'canary-content' -Verbose 4>&1
            Get-AcmConfig cipher-kms-aes-128-db.yaml -Verbose 4>&1 | Format-List
            $config = Get-AcmConfig cipher-kms-aes-128-db.yaml
            $checks = Test-AcmEncryption
            '--- views'
            $config, $session, $checks | ForEach-Object { $_ | Out-String -Width 80; $_ | Format-List | Out-String -Width 80 }
            $session | Format-List * | Out-String -Width 80
            """);

        Assert.Equal("", result.Errors);
        Assert.DoesNotContain("canary", result.Output, StringComparison.Ordinal);
        Assert.Contains("(decrypted: see the property Content)", result.Output, StringComparison.Ordinal);
        Assert.Contains("was decrypted after", result.Output, StringComparison.Ordinal);
        Assert.Contains("GenerateDataKey Passed", result.Output, StringComparison.Ordinal);
        Assert.Contains("cn-hangzhou", result.Output, StringComparison.Ordinal);
        Assert.All(result.Output[result.Output.IndexOf("--- views", StringComparison.Ordinal)..].Split('\n'), line => Assert.True(line.TrimEnd().Length <= 80, line));
    }

    [Fact]
    public void Many_are_read_by_wildcard_and_one_that_can_not_be_decrypted_is_its_own_error()
    {
        using ModuleShell shell = Connect();
        shell.Run("""
            1..30 | ForEach-Object { [pscustomobject]@{ DataId = "cipher-$_"; Content = "value $_" } } | Set-AcmConfig
            Set-AcmConfig cipher-x ('A' * 80) -NoEncrypt
            """).ThrowOnError();

        ModuleResult result = shell.Run("Get-AcmConfig cipher-* | ForEach-Object Content");

        Assert.Equal(Enumerable.Range(1, 30).Select(i => $"value {i}").Order(StringComparer.Ordinal), result.Texts.Order(StringComparer.Ordinal));
        Assert.Equal("AcmDecryptFailed", result.ErrorId);
        Assert.Equal(ErrorCategory.SecurityError, result.Error.CategoryInfo.Category);
        Assert.Equal("DEFAULT_GROUP/cipher-x", result.Error.TargetObject.ToString());
        Assert.NotEmpty(result.Error.ErrorDetails.RecommendedAction);
    }

    [Fact]
    public void Where_KMS_is_not_trusted_the_advice_is_none_for_the_servers_of_the_connection()
    {
        using ModuleShell shell = Connect();
        shell.Run("Set-AcmConfig cipher-db.yaml 'canary'; $kms.Remove('CaCertificatePath'); $null = Connect-Acm $endpoint $ns -NoSnapshot -FailoverPath /no-such-folder @kms").ThrowOnError();

        ModuleResult result = shell.Run("Get-AcmConfig cipher-db.yaml");

        Assert.Equal("AcmUntrustedServer", result.ErrorId);
        Assert.Contains("Check the KMS endpoint", result.Error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.DoesNotContain("TlsServerName", result.Error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_KMS_reading_gives_the_cipher_text_and_a_warning_and_writing_is_an_error()
    {
        using ModuleShell shell = Connect();
        shell.Run("Set-AcmConfig cipher-db.yaml 'canary'").ThrowOnError();
        shell.Run("$null = Connect-Acm $endpoint $ns -NoSnapshot -FailoverPath /no-such-folder").ThrowOnError();

        ModuleResult read = shell.Run("Get-AcmConfig cipher-db.yaml -Raw");
        ModuleResult written = shell.Run("Set-AcmConfig cipher-new 'canary'");

        Assert.DoesNotContain("canary", read.Texts[0], StringComparison.Ordinal);
        Assert.Contains("has no KMS", Assert.Single(read.Warnings), StringComparison.Ordinal);
        Assert.Equal("AcmInvalidContent", written.ErrorId);
        Assert.Contains("-AllowPlaintext", written.Error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal("AcmConfigNotFound", shell.Run("Get-AcmConfig cipher-new").ErrorId);
        Assert.Equal(["canary"], shell.Run("Set-AcmConfig cipher-new 'canary' -AllowPlaintext; Get-AcmConfig cipher-new -Raw").ThrowOnError().Texts);
    }

    [Theory]
    [InlineData("cipher-db.yaml")]
    [InlineData("cipher-kms-aes-128-db.yaml")]
    public void Cipher_text_is_piped_to_another_namespace_without_KMS(string dataId)
    {
        using ModuleShell shell = Connect();
        shell["id"] = dataId;
        shell["other"] = server.NewNamespace();
        shell.Run("Set-AcmConfig $id 'canary'").ThrowOnError();
        int calls = _kms.Calls;

        ModuleResult result = shell.Run("""
            $plain = Connect-Acm $endpoint $ns -NoSnapshot -FailoverPath /no-such-folder
            Get-AcmConfig $id -NoDecrypt -Session $plain | Set-AcmConfig -NoEncrypt -Session $plain -Namespace $other
            """).ThrowOnError();

        Assert.Empty(result.Warnings);
        Assert.Equal(calls, _kms.Calls);
        Assert.Equal(["canary"], shell.Run("$null = Connect-Acm $endpoint $other -NoSnapshot @kms; Get-AcmConfig $id -Raw").ThrowOnError().Texts);
    }

    [Fact]
    public void A_decrypted_one_that_is_piped_is_encrypted_anew()
    {
        using ModuleShell shell = Connect();
        shell["other"] = server.NewNamespace();

        ModuleResult result = shell.Run("""
            Set-AcmConfig cipher-kms-aes-128-db.yaml 'canary'
            $old = Get-AcmConfig cipher-kms-aes-128-db.yaml
            $old | Set-AcmConfig -Namespace $other
            $new = Get-AcmConfig cipher-kms-aes-128-db.yaml -Namespace $other
            $new.Content
            $new.EncryptedDataKey -eq $old.EncryptedDataKey
            """).ThrowOnError();

        Assert.Equal(["canary", "False"], result.Texts);
    }

    [Fact]
    public void What_is_too_large_for_KMS_is_told_with_the_prefix_that_is_not()
    {
        using ModuleShell shell = Connect();

        ModuleResult result = shell.Run("Set-AcmConfig cipher-db.yaml ('x' * 6145)");

        Assert.Equal("AcmContentTooLarge", result.ErrorId);
        Assert.Contains("cipher-kms-aes-128-", result.Error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal(0, _kms.Calls);
    }

    [Fact]
    public void The_session_shows_region_and_key_and_no_secret()
    {
        _kms.AccessKeys["kms-access-key"] = ("kms-secret", null);
        using ModuleShell shell = Connect(connect: false);
        shell["secret"] = Secret("kms-secret");

        ModuleResult result = shell.Run("""
            $null = Connect-Acm $endpoint $ns -NoSnapshot -FailoverPath /no-such-folder @kms -KmsRegionId cn-hangzhou -KmsKeyId alias/acs/acm -KmsAccessKey kms-access-key -KmsSecretKey $secret
            Set-AcmConfig cipher-db.yaml 'x'
            $s = Get-AcmSession
            $s.UseKms, $s.KmsRegionId, $s.KmsKeyId, $s.KmsAccessKey -join ' '
            """).ThrowOnError();

        Assert.Equal("True cn-hangzhou alias/acs/acm kms-***ey", result.Texts[0]);
        Assert.Equal("kms-access-key", Assert.Single(_kms.Requests).Field("AccessKeyId"));
    }

    [Fact]
    public void A_test_that_fails_names_the_parameters_that_help()
    {
        using ModuleShell shell = Connect(connect: false);

        ModuleResult result = shell.Run("$null = Connect-Acm $endpoint; (Test-AcmEncryption)[0].Cure");

        Assert.Contains("Connect-Acm -UseKms -KmsRegionId", Assert.Single(result.ThrowOnError().Texts), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-KmsRegionId cn-hangzhou", "requires -UseKms")]
    [InlineData("-UseKms", "needs a region")]
    [InlineData("-UseKms -KmsRegionId 'CN Hangzhou'", "is not valid")]
    [InlineData("-UseKms -KmsRegionId cn-hangzhou -KmsAccessKey a", "needs -KmsSecretKey")]
    [InlineData("-UseKms -KmsEndpoint http://kms.example", "plain HTTP")]
    [InlineData("-UseKms -KmsRegionId cn-hangzhou -NoAuth", "needs credentials")]
    public void What_does_not_go_together_is_refused_when_connecting(string parameters, string words)
    {
        using ModuleShell shell = Connect(connect: false);

        ModuleResult result = shell.Run($"try {{ Connect-Acm $endpoint -AccessKey ak-test-0001 -SecretKey $sk {parameters} }} catch {{ $_.FullyQualifiedErrorId; $_.ToString() }}");

        Assert.Equal("AcmInvalidParameter,AcmPowerShell.ConnectAcmCommand", result.Texts[0]);
        Assert.Contains(words, result.Texts[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_data_key_without_NoEncrypt_is_refused()
    {
        using ModuleShell shell = Connect();

        ModuleResult result = shell.Run("try { Set-AcmConfig cipher-x 'x' -EncryptedDataKey abc } catch { $_.FullyQualifiedErrorId }");

        Assert.Equal(["AcmInvalidParameter,AcmPowerShell.SetAcmConfigCommand"], result.Texts);
    }

    [Fact]
    public void The_test_of_encryption_has_a_row_a_step()
    {
        using ModuleShell shell = Connect();

        ModuleResult result = shell.Run("Test-AcmEncryption").ThrowOnError();

        Assert.Equal(["Options", "Credential", "GenerateDataKey", "Encrypt", "Decrypt", "RoundTrip"], result.Output.Select(row => (string)row.Properties["Check"].Value));
        Assert.All(result.Output, row => Assert.Equal("Passed", row.Properties["Status"].Value.ToString()));
    }

    [Fact]
    public void The_test_of_encryption_without_KMS_is_a_failed_row_with_its_cure_and_no_error()
    {
        ModuleShell shell = server.Connect();

        ModuleResult result = shell.Run("Test-AcmEncryption");

        Assert.Empty(result.Errors);
        Assert.Equal("Failed", result.Output[0].Properties["Status"].Value.ToString());
        Assert.Contains("-UseKms", (string)result.Output[0].Properties["Cure"].Value, StringComparison.Ordinal);
    }

    private static System.Security.SecureString Secret(string text)
    {
        var secret = new System.Security.SecureString();
        foreach (char c in text) secret.AppendChar(c);
        return secret;
    }

    /// <summary>Returns a runspace that is connected to its own namespace, with KMS.</summary>
    private ModuleShell Connect(bool connect = true)
    {
        ModuleShell shell = ModuleShell.Open();
        shell["endpoint"] = server.Endpoint;
        shell["ns"] = server.NewNamespace();
        shell["sk"] = Secret("sk-test-secret-0001");
        shell["kmsEndpoint"] = _kms.Address;
        shell["ca"] = _kms.CaPath;
        shell.Run("$kms = @{ UseKms = $true; KmsEndpoint = $kmsEndpoint; CaCertificatePath = $ca; AccessKey = 'ak-test-0001'; SecretKey = $sk; TimeoutSec = 30 }").ThrowOnError();
        if (connect) shell.Run("$null = Connect-Acm $endpoint $ns -NoSnapshot -FailoverPath /no-such-folder @kms").ThrowOnError();
        return shell;
    }
}
