using System.Management.Automation;
using System.Runtime.CompilerServices;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Tests encryption step by step: options, credentials, and a round trip through KMS. Each row says what to do where it failed; nothing is stored.</summary>
[Cmdlet(VerbsDiagnostic.Test, "AcmEncryption")]
[OutputType(typeof(ConnectionCheck))]
public sealed class TestAcmEncryptionCommand : TestCmdlet
{
    private protected override string Activity => "Testing encryption";

    private protected override async IAsyncEnumerable<ConnectionCheck> TestAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (ConnectionCheck check in Client.TestEncryptionAsync(Call, cancellationToken).ConfigureAwait(false))
            yield return Client.Options.Kms is null && check.Status == CheckStatus.Failed ? WithParameters(check) : check;
    }

    // The engine has no parameters.
    private static ConnectionCheck WithParameters(ConnectionCheck check) => new()
    {
        Check = check.Check,
        Target = check.Target,
        Status = check.Status,
        Detail = check.Detail,
        Cure = check.Cure + " Use Connect-Acm -UseKms -KmsRegionId.",
        Duration = check.Duration,
    };
}
