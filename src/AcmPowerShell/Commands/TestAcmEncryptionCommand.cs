using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Tests encryption step by step: options, credentials, and a round trip through KMS. Failed steps include advice. Stores nothing.</summary>
[Cmdlet(VerbsDiagnostic.Test, "AcmEncryption")]
[OutputType(typeof(ConnectionCheck))]
public sealed class TestAcmEncryptionCommand : TestCmdlet
{
    private protected override string Activity => "Testing encryption";

    private protected override IAsyncEnumerable<ConnectionCheck> TestAsync(CancellationToken cancellationToken) => Client.TestEncryptionAsync(Call, cancellationToken);
}
