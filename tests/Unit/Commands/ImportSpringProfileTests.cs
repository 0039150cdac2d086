using System.Management.Automation;
using Acm.Tests.Support;

namespace Acm.Tests.Commands;

/// <summary>Import-AcmProfile reads the settings of a Spring application.</summary>
[Collection(ProfilesCollection.Name)]
public sealed class ImportSpringProfileTests : IDisposable
{
    private const string Secret = "spring-canary-1";

    private readonly ModuleProfiles _profiles = new();
    private readonly TemporaryFiles _folder = new();
    private readonly ModuleShell _shell = ModuleShell.Open();

    public void Dispose()
    {
        _shell.Dispose();
        _folder.Dispose();
        _profiles.Dispose();
        Environment.SetEnvironmentVariable("SPRING_TEST_SERVER", null);
    }

    [Fact]
    public void A_yaml_with_profiles_of_Spring_becomes_a_profile_each()
    {
        Environment.SetEnvironmentVariable("SPRING_TEST_SERVER", "nacos.example.com:8848");
        Import("application.yml", $$"""
            spring:
              application:
                name: shop
              config:
                import:
                  - optional:nacos:shop.yaml?group=SHOP&refreshEnabled=true
                  - nacos:shared.yaml
              cloud:
                nacos:
                  username: ann
                  password: {{Secret}}
                  config:
                    serverAddr: ${SPRING_TEST_SERVER:127.0.0.1:8848}
                    namespace: dev-id
            ---
            spring:
              config.activate.on-profile: prod
              cloud.nacos.config:
                namespace: prod-id
                server-addr: https://prod.example.com/config
            """);

        ModuleResult result = _shell.Run("$imported = Import-AcmProfile $path -WarningVariable w -WarningAction SilentlyContinue; $imported | ForEach-Object { \"$($_.Name) $($_.Endpoint) $($_.Namespace) $($_.Status) $($_.Detail)\" }; \"$w\"");
        ModuleResult used = _shell.Run("foreach ($name in 'shop', 'shop-prod') { $s = Use-AcmProfile $name; \"$($s.ServerType) $($s.Direct) $($s.Endpoint) $($s.Namespace) $($s.UserName)\" }; (Get-AcmProfile shop).Secrets -join ' '");

        string[] lines = [.. result.ThrowOnError().Texts];
        Assert.Equal("shop nacos.example.com:8848 dev-id Added user and password, the application reads shop.yaml, shared.yaml.", lines[0]);
        Assert.StartsWith("shop-prod https://prod.example.com/config prod-id Added user and password", lines[1], StringComparison.Ordinal);
        Assert.Contains("secrets in clear text", lines[2], StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, string.Join('\n', lines), StringComparison.Ordinal);
        Assert.Equal(["Nacos True nacos.example.com:8848 dev-id ann", "Nacos True https://prod.example.com/config prod-id ann", "password"], used.ThrowOnError().Texts);
    }

    [Theory]
    [InlineData("application.yml", ": ", "---", "spring.config.activate.on-profile: [dev, test]")]
    [InlineData("application.yml", ": ", "---", "spring.profiles: [dev, test]")]
    [InlineData("application.yml", ": ", "---", "spring:\n  config:\n    activate:\n      onProfile:\n        - dev\n        - test")]
    [InlineData("application.properties", "=", "#---", "spring.config.activate.on-profile[0]=dev\nspring.config.activate.on-profile[1]=test")]
    public void A_document_for_a_list_of_profiles_is_not_for_all(string name, string equals, string end, string profiles)
    {
        Import(name, $"spring.cloud.nacos.config.server-addr{equals}prod:8848\n{end}\n{profiles}\nspring.cloud.nacos.config.server-addr{equals}dev:8848\n");

        ModuleResult result = _shell.Run("Import-AcmProfile $path | ForEach-Object { \"$($_.Name) $($_.Endpoint)\" }");

        string[] lines = [.. result.ThrowOnError().Texts];
        Assert.Equal(2, lines.Length);
        Assert.EndsWith("prod:8848", lines[0], StringComparison.Ordinal);
        Assert.Equal("dev-test dev:8848", lines[1]);
    }

    [Fact]
    public void Properties_are_read_with_a_context_path_and_the_keys_of_MSE()
    {
        Import("bootstrap.properties", $"""
            spring.cloud.nacos.config.server-addr=a:8848,b:8848
            spring.cloud.nacos.config.context-path=/config
            spring.cloud.nacos.config.namespace=public
            spring.cloud.nacos.config.access-key=LTAI1234567890xy
            spring.cloud.nacos.config.secret-key={Secret}
            """);

        ModuleResult result = _shell.Run("$i = Import-AcmProfile $path -WarningAction SilentlyContinue; $s = Connect-Acm -Profile $i.Name; \"$($s.Endpoint)|$($s.Namespace)|$($s.AccessKey)|$($s.UserName)\"; $i.Detail");

        Assert.Equal(["a:8848/config,b:8848/config||LTAI***xy|", "keys."], result.ThrowOnError().Texts);
    }

    [Fact]
    public void The_user_of_the_application_takes_the_place_of_an_identity()
    {
        Import("a.properties", $"spring.cloud.nacos.config.server-addr=a:8848\nspring.cloud.nacos.config.username=ann\nspring.cloud.nacos.config.password={Secret}\n");

        ModuleResult result = _shell.Run("""
            $identity = ConvertTo-SecureString identity-canary -AsPlainText -Force
            $i = Import-AcmProfile $path -WarningAction SilentlyContinue
            Add-AcmProfile $i.Name -IdentityKey X-Id -IdentityValue $identity -SkipTest
            "$((Get-AcmProfile $i.Name).Settings.IdentityKey)"
            $null = Import-AcmProfile $path -Force -WarningAction SilentlyContinue
            "$((Get-AcmProfile $i.Name).Settings.IdentityKey)|$((Get-AcmProfile $i.Name).Settings.Credential)"
            """);

        Assert.Equal(["X-Id", "|ann"], result.ThrowOnError().Texts);
    }

    [Fact]
    public void An_endpoint_is_the_address_server_of_Nacos()
    {
        Import("a.yaml", "spring.cloud.nacos.config: { endpoint: 'acm.example.com', namespace: n }");

        ModuleResult result = _shell.Run("$i = Import-AcmProfile $path; $s = Connect-Acm -Profile $i.Name; \"$($s.ServerType) $($s.Direct) $($s.Endpoint)\"");

        Assert.Equal(["Nacos False acm.example.com"], result.ThrowOnError().Texts);
    }

    [Theory]
    [InlineData("a.yml", "spring:\n  cloud: [spring-canary-1", "not valid YAML, on line ")]
    [InlineData("a.yml", "spring.cloud.nacos.config.server-addr: ${NOT_SET_ANYWHERE_1}", "${NOT_SET_ANYWHERE_1}")]
    [InlineData("a.yml", "spring.cloud.nacos.config.server-addr: ${a}\na: ${spring.cloud.nacos.config.server-addr}", "refer to each other in a circle")]
    [InlineData("a.yml", "a: &a [x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e]", "too deeply or too large")]
    public void What_can_not_be_read_is_told_without_what_stands_there(string name, string text, string message)
    {
        Import(name, text);

        ErrorRecord error = _shell.Run("Import-AcmProfile $path").Error;

        Assert.Equal("AcmInvalidProfile,AcmPowerShell.ImportAcmProfileCommand", error.FullyQualifiedErrorId);
        Assert.Contains(message, error.Exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, error.Exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_Nacos_is_a_warning()
    {
        Import("a.yml", "spring:\n  application:\n    name: x");

        ModuleResult result = _shell.Run("Import-AcmProfile $path");

        Assert.Empty(result.Output);
        Assert.Contains("spring.cloud.nacos.config.server-addr", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    private void Import(string name, string text) => _shell["path"] = _folder.Write(name, text);
}
