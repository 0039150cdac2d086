using Acm.Tests.Support;

namespace Acm.Tests.Commands;

public sealed class TestAcmConnectionTests(ModuleServer server) : IClassFixture<ModuleServer>
{
    [Fact]
    public void There_is_a_row_for_each_step_and_none_fails_where_all_is_well()
    {
        ModuleShell shell = server.Connect();

        ModuleResult result = shell.Run("Test-AcmConnection");

        Assert.Empty(result.Errors);
        Assert.Equal(
            ["AddressServer", "ClockSkew", "Name", "Read", "Signature", "Tcp", "Tls"],
            result.Output.Select(row => (string)row.Properties["Check"].Value).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(result.Output, row => row.Properties["Status"].Value.ToString() == "Failed");
    }

    [Theory]
    [InlineData("right", "right-secret", "accepted", "")]
    [InlineData("wrong", "right-secret", "does not accept the access key ID", "access key ID")]
    [InlineData("right", "wrong-secret", "accepts the access key ID", "secret key is wrong")]
    public void A_wrong_key_and_a_wrong_secret_differ(string key, string secret, string detail, string cure)
    {
        using var guarded = new ModuleServer("3", "--access-key", "right", "--secret-key", "right-secret");
        ModuleShell shell = guarded.Open();
        shell["key"] = key;
        shell["secret"] = secret;

        ModuleResult result = shell.Run("""
            function ConvertTo-Secret($Text) { $s = [securestring]::new(); foreach ($c in $Text.ToCharArray()) { $s.AppendChar($c) }; $s }
            $null = Connect-Acm $server.Endpoint -Direct -NoSnapshot -AccessKey $key -SecretKey (ConvertTo-Secret $secret)
            Test-AcmConnection | Where-Object Check -eq Signature
            """);

        Assert.Empty(result.Errors);
        Assert.Contains(detail, (string)Assert.Single(result.Output).Properties["Detail"].Value, StringComparison.Ordinal);
        Assert.Contains(cure, (string)result.Output[0].Properties["Cure"].Value, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refused_port_is_a_failed_row_with_a_cure_and_no_error()
    {
        using ModuleShell shell = ModuleShell.Open();
        shell.Run("$null = Connect-Acm 127.0.0.1:1 -NoSnapshot -TimeoutSec 2").ThrowOnError();

        ModuleResult result = shell.Run("Test-AcmConnection");

        Assert.Empty(result.Errors);
        Assert.Contains(result.Output, row =>
            (string)row.Properties["Check"].Value == "Tcp"
            && row.Properties["Status"].Value.ToString() == "Failed"
            && ((string)row.Properties["Cure"].Value).Length > 0);
    }
}
