using Acm.Tests.Support;

namespace Acm.Tests.Commands;

public sealed class TraceFileTests(ModuleServer server) : IClassFixture<ModuleServer>
{
    [Fact]
    public void A_trace_that_can_not_be_written_any_more_is_told_once_and_closes_without_an_error()
    {
        if (!File.Exists("/dev/full")) return;

        ModuleResult result = server.Connect().Run("""
            $null = Connect-Acm $endpoint $ns -NoSnapshot -FailoverPath /no-such-folder -TimeoutSec 30 -TracePath /dev/full
            Set-AcmConfig a.txt 'v'
            1..3 | ForEach-Object { Set-AcmConfig a.txt "v$_" -WarningVariable +w -WarningAction SilentlyContinue }
            Disconnect-Acm
            $w | ForEach-Object { "$_" }
            """);

        Assert.Contains("could not be written", Assert.Single(result.ThrowOnError().Texts), StringComparison.Ordinal);
    }
}
