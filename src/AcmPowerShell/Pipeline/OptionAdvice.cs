using Acm.Client;
using Acm.Client.Credentials;
using Acm.Client.Transfer;

namespace AcmPowerShell;

/// <summary>The parameters that set the engine's options, for errors and checks that depend on one.</summary>
internal static class OptionAdvice
{
    private static readonly Dictionary<string, string> Sentences = new(StringComparer.Ordinal)
    {
        [nameof(AcmClientOptions.AllowEuroSign)] = "Connect-Acm -AllowEuroSign allows the euro sign.",
        [nameof(AcmClientOptions.AllowUnicodeName)] = "Connect-Acm -AllowUnicodeName allows letters of other scripts.",
        [nameof(AcmClientOptions.CredentialSource)] = "Connect-Acm takes keys with -AccessKey and -SecretKey, and a source of credentials with -CredentialSource.",
        [nameof(AcmClientOptions.ServerType)] = "Connect-Acm -ServerType Acm connects to an ACM server, -ServerType Nacos to one of Nacos.",
        [nameof(AcmClientOptions.Endpoint)] = "Connect-Acm -Server connects to it.",
        [nameof(AcmClientOptions.GrpcPort)] = "Connect-Acm -GrpcPort sets the port; -WatchTransport LongPoll does without.",
        [nameof(AcmClientOptions.Proxy)] = "Connect-Acm takes a proxy with -Proxy and -ProxyCredential, and none with -NoProxy.",
        [nameof(AcmClientOptions.CaCertificatePath)] = "Connect-Acm -CaCertificatePath trusts a certificate authority of your own.",
        [nameof(AcmClientOptions.TlsServerName)] = "Connect-Acm -CaCertificatePath trusts a certificate authority of your own; -TlsServerName is the name that the certificate is made out to.",
        [nameof(AcmClientOptions.Kms)] = "Connect-Acm -UseKms -KmsRegionId connects with KMS. Set-AcmConfig -NoEncrypt publishes cipher text as it is, -AllowPlaintext in the clear.",
        [nameof(PublishOptions.RepairOnConflict)] = "Set-AcmConfig -IfMatch with -RepairOnConflict publishes the stored content once more.",
        [nameof(PublishOptions.AllowPlaintext)] = "Set-AcmConfig -AllowPlaintext stores it in the clear.",
        [nameof(CredentialSourceOptions.RoleArn)] = "Connect-Acm takes them with -RoleArn and -OidcProviderArn.",
        [nameof(ConfigNamespace.Description)] = "Set-AcmNamespace takes it with -Description.",
        [nameof(RevisionQuery.Previous)] = "Restore-AcmConfig -Previous goes back one change.",
        [nameof(RevisionQuery.Deleted)] = "Restore-AcmConfig -Deleted does.",
        [nameof(ExportOptions.AllowEmpty)] = "Use -Force to export an empty namespace.",
    };

    /// <summary>Returns advice with the parameters that set an option.</summary>
    /// <param name="advice">What the engine advises; null for nothing.</param>
    /// <param name="option">The option; null for none.</param>
    internal static string? With(string? advice, string? option) =>
        option is null || !Sentences.TryGetValue(option, out string? sentence) ? advice : string.IsNullOrEmpty(advice) ? sentence : advice + " " + sentence;
}
