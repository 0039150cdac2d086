using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Tests encryption step by step: options, credentials, and a round trip through KMS. Each row says what to do where it failed; nothing is stored.</summary>
[Cmdlet(VerbsDiagnostic.Test, "AcmEncryption")]
[OutputType(typeof(ConnectionCheck))]
public sealed class TestAcmEncryptionCommand : AcmCmdlet
{
    private protected override void Prepare()
    {
        base.Prepare();
        Progress.Activity = "Testing encryption";
    }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        await foreach (ConnectionCheck check in Client.TestEncryptionAsync(Call, cancellationToken).ConfigureAwait(false))
        {
            Progress.Advance();
            await Pipeline.WriteObjectAsync(check).ConfigureAwait(false);
        }
    }
}
