using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Tests the connection step by step; each row says what to do where it failed. Changes nothing on the server.</summary>
[Cmdlet(VerbsDiagnostic.Test, "AcmConnection")]
[OutputType(typeof(ConnectionCheck))]
public sealed class TestAcmConnectionCommand : AcmCmdlet
{
    private protected override void Prepare()
    {
        base.Prepare();
        Progress.Activity = "Testing the connection";
    }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        await foreach (ConnectionCheck check in Client.TestConnectionAsync(Call, cancellationToken).ConfigureAwait(false))
        {
            Progress.Advance();
            await Pipeline.WriteObjectAsync(check).ConfigureAwait(false);
        }
    }
}
