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
