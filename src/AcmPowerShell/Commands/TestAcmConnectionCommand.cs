using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Tests the connection step by step. Failed steps include advice. Changes nothing on the server.</summary>
[Cmdlet(VerbsDiagnostic.Test, "AcmConnection")]
[OutputType(typeof(ConnectionCheck))]
public sealed class TestAcmConnectionCommand : TestCmdlet
{
    private protected override string Activity => "Testing the connection";

    private protected override IAsyncEnumerable<ConnectionCheck> TestAsync(CancellationToken cancellationToken) => Client.TestConnectionAsync(Call, cancellationToken);
}
