using System.Management.Automation;
using Acm.Tests.Support;

namespace Acm.Tests.Commands;

[Collection(ProcessWideCollection.Name)]
public sealed class ImportAcmProfileTests : IDisposable
{
    // In the format of the Python CLI 0.4.10.
    private const string Written = """
        {
            "endpoints": {
                "acm.aliyun.com": {
                    "tls": false,
                    "is_current": false,
                    "region_id": null,
                    "kms_enabled": false,
                    "namespaces": {
                        "[default]": {
                            "is_current": true,
                            "ak": null,
                            "sk": null,
                            "alias": "[default]",
                            "updated": "2021-10-11 12:13:14"
                        }
                    }
                },
                "addr-hz-internal.edas.aliyun.com": {
                    "tls": true,
                    "is_current": true,
                    "region_id": "cn-hangzhou",
                    "kms_enabled": true,
                    "namespaces": {
                        "ea61357b-d417-460c-92e4-032677dd8153": {
                            "ak": "LTAI1234567890xy",
                            "sk": "s3cr3t-of-the-test",
                            "kms_ak": "LTAIkms34567890zz",
                            "kms_secret": "kms-s3cr3t-of-the-test",
                            "key_id": "key-1",
                            "ram_role_name": null,
                            "alias": "prod",
                            "is_current": true,
                            "updated": "2021-10-11 12:13:14"
                        },
                        "dev-ns": {
                            "ak": "LTAIother00000zz",
                            "sk": "other-s3cr3t",
                            "kms_ak": "LTAIother00000zz",
                            "kms_secret": "other-s3cr3t",
                            "key_id": null,
                            "ram_role_name": "ecs-role",
                            "alias": "prod",
                            "is_current": false,
                            "updated": "2021-10-11 12:13:14"
                        }
                    }
                }
            }
        }
        """;

    private readonly ModuleProfiles _profiles = new();
    private readonly TemporaryFiles _files = new();
    private readonly ModuleShell _shell = ModuleShell.Open();

    public ImportAcmProfileTests() => _shell["path"] = _files.Write(".acm.json", Written);

    public void Dispose()
    {
        _shell.Dispose();
        _files.Dispose();
        _profiles.Dispose();
    }

    [Fact]
    public void All_namespaces_become_profiles_with_their_keys_role_TLS_and_KMS()
    {
        ModuleResult import = _shell.Run("Import-AcmProfile $path | ForEach-Object { \"$($_.Name) $($_.Status) $($_.Detail)\" }");
        ModuleResult prod = _shell.Run("""
            $s = Use-AcmProfile prod; $s.Endpoint; $s.Namespace; $s.AccessKey; $s.Tls; $s.UseKms; $s.KmsRegionId; $s.KmsKeyId; $s.KmsAccessKey
            $p = Get-AcmProfile prod; "$($p.Secrets)"; $p.IsDefault
            """);
        ModuleResult role = _shell.Run("$p = Get-AcmProfile *dev-ns; $p.CredentialSource; $p.Settings.RamRoleName; $p.UseKms");

        Assert.Empty(import.Errors);
        Assert.Equal(
            ["[default] Added No credentials.", "prod Added keys, KMS, keys for KMS.", "dev-ns Added RAM role, KMS, keys for KMS."], import.Texts);
        Assert.Equal(
            ["addr-hz-internal.edas.aliyun.com", "ea61357b-d417-460c-92e4-032677dd8153", "LTAI***xy", "True", "True", "cn-hangzhou", "key-1", "LTAI***zz", "secretKey kmsSecretKey", "True"],
            prod.ThrowOnError().Texts);
        Assert.Equal(["RamRole", "ecs-role", "True"], role.ThrowOnError().Texts);
    }

    [Fact]
    public void S1_The_old_file_is_left_alone_and_a_warning_says_what_it_still_holds()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes.");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode((string)_shell["path"]!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        ModuleResult result = _shell.Run("Import-AcmProfile -Path $path");
        string warning = Assert.Single(result.Warnings, text => text.Contains("clear text", StringComparison.Ordinal));

        // The build for Windows PowerShell does not set file modes.
        if (Environment.GetEnvironmentVariable("ACM_FLAVOUR") is null) Assert.Contains("0644", warning, StringComparison.Ordinal);
        Assert.Equal(Written, File.ReadAllText((string)_shell["path"]!));
        Assert.DoesNotContain("s3cr3t", string.Join("\n", result.Output.Select(o => PSSerializer.Serialize(o))) + warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_path_the_file_in_the_home_folder_is_read()
    {
        string? home = Environment.GetEnvironmentVariable("HOME");
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows asks no variable for the home folder.");
        try
        {
            Environment.SetEnvironmentVariable("HOME", _files.Path);

            Assert.Equal(3, _shell.Run("Import-AcmProfile").ThrowOnError().Output.Count);
        }
        finally
        {
            Environment.SetEnvironmentVariable("HOME", home);
        }
    }

    [Fact]
    public void A_profile_that_is_there_is_left_alone_without_Force()
    {
        _shell.Run("Add-AcmProfile mine -Endpoint addr-hz-internal.edas.aliyun.com -Namespace dev-ns -UnitName sh -SkipTest; Add-AcmProfile prod -Endpoint elsewhere -SkipTest").ThrowOnError();

        ModuleResult first = _shell.Run("Import-AcmProfile $path | ForEach-Object { \"$($_.Name) $($_.Status)\" }");
        ModuleResult kept = _shell.Run("\"$((Get-AcmProfile mine).CredentialSource)\"; (Get-AcmProfile prod).Endpoint");
        ModuleResult forced = _shell.Run("Import-AcmProfile $path -Force | ForEach-Object { \"$($_.Name) $($_.Status)\" }");
        ModuleResult updated = _shell.Run("(Get-AcmProfile mine).CredentialSource; (Get-AcmProfile mine).Settings.UnitName; (Get-AcmProfile prod).Endpoint");

        Assert.Equal(["[default] Added", "ea61357b-d417-460c-92e4-032677dd8153 Added", "mine Skipped"], first.ThrowOnError().Texts);
        Assert.Equal(["", "elsewhere"], kept.Texts);
        Assert.Equal(["[default] Updated", "ea61357b-d417-460c-92e4-032677dd8153 Updated", "mine Updated"], forced.ThrowOnError().Texts);
        Assert.Equal(["RamRole", "sh", "elsewhere"], updated.ThrowOnError().Texts);
    }

    [Fact]
    public void WhatIf_takes_nothing()
    {
        ModuleResult result = _shell.Run("Import-AcmProfile $path -WhatIf");

        Assert.Empty(result.Errors);
        Assert.Empty(result.Output);
        Assert.False(File.Exists(_profiles.Path));
    }

    [Fact]
    public void A_namespace_that_can_not_be_connected_to_is_an_error_of_its_own()
    {
        _shell["path"] = _files.Write("bad.json", """
            { "endpoints": { "a b c": { "namespaces": { "x": {} } }, "h": { "kms_enabled": true, "namespaces": { "y": { "ak": "a", "sk": "b" } } }, "i": { "namespaces": { "z": { "ak": "a" } } } } }
            """);

        ModuleResult result = _shell.Run("Import-AcmProfile $path | ForEach-Object { \"$($_.Name) $($_.Detail)\" }");

        Assert.Equal(["z an incomplete pair of keys was skipped."], result.Texts);
        Assert.Equal(2, result.Errors.Count);
        Assert.All(result.Errors, error => Assert.StartsWith("AcmInvalidParameter,", error.FullyQualifiedErrorId, StringComparison.Ordinal));
        Assert.Equal(["z"], _shell.Run("Get-AcmProfile").Texts);
    }

    [Theory]
    [InlineData("{ \"endpoints\": {\n", 2)]
    [InlineData("{ \"other\": 1 }", 1)]
    [InlineData("{ \"endpoints\": {\n\"h\": 5 } }", 2)]
    [InlineData("{ \"endpoints\": {\n\"h\": { \"namespaces\": {\n\"n\": { \"sk\": [\"s3cr3t\"] } } } } }", 3)]
    [InlineData("{ \"endpoints\": { \"h\": {\n\"tls\": \"yes\", \"namespaces\": { \"n\": {} } } } }", 2)]
    public void A_file_that_is_something_else_is_an_error_that_names_the_line(string text, int line)
    {
        _shell["path"] = _files.Write("bad.json", text);

        ErrorRecord error = _shell.Run("Import-AcmProfile $path").Error;

        Assert.Equal("AcmInvalidProfile,AcmPowerShell.ImportAcmProfileCommand", error.FullyQualifiedErrorId);
        Assert.EndsWith($"on line {line}.", error.Exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", error.Exception.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_profiles.Path));
    }

    [Fact]
    public void No_file_is_an_error_of_its_own() => Assert.Equal("AcmFileNotFound", _shell.Run("Import-AcmProfile /no-such-file.json").ErrorId);
}
