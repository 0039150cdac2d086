using Acm.Client;
using Acm.Client.Credentials;
using Acm.Client.Transfer;

namespace AcmPowerShell;

/// <summary>The parameters that set the engine's options, for errors and checks that depend on one.</summary>
internal static class OptionAdvice
{
    private static readonly Dictionary<string, string> Sentences = new(StringComparer.Ordinal)
    {
        [nameof(AcmClientOptions.AllowEuroSign)] = "Use Connect-Acm -AllowEuroSign to allow the euro sign.",
        [nameof(AcmClientOptions.AllowUnicodeName)] = "Use Connect-Acm -AllowUnicodeName to allow letters of other scripts.",
        [nameof(AcmClientOptions.CredentialSource)] = "Specify keys with Connect-Acm -AccessKey and -SecretKey, or a credential source with -CredentialSource.",
        [nameof(AcmClientOptions.ServerType)] = "Specify Connect-Acm -ServerType Acm or -ServerType Nacos.",
        [nameof(AcmClientOptions.Endpoint)] = "Use Connect-Acm -Server.",
        [nameof(AcmClientOptions.GrpcPort)] = "Specify the port with Connect-Acm -GrpcPort, or use -WatchTransport LongPoll.",
        [nameof(AcmClientOptions.Proxy)] = "Specify a proxy with Connect-Acm -Proxy and -ProxyCredential, or use -NoProxy.",
        [nameof(AcmClientOptions.CaCertificatePath)] = "Use Connect-Acm -CaCertificatePath to trust a certificate authority of your own.",
        [nameof(AcmClientOptions.TlsServerName)] = "Use Connect-Acm -CaCertificatePath to trust a certificate authority of your own, and -TlsServerName for another host name in the certificate.",
        [nameof(AcmClientOptions.Kms)] = "Use Connect-Acm -UseKms -KmsRegionId to connect with KMS, Set-AcmConfig -NoEncrypt to publish cipher text as it is, or -AllowPlaintext to publish unencrypted.",
        [nameof(PublishOptions.RepairOnConflict)] = "Use Set-AcmConfig -IfMatch with -RepairOnConflict to publish the stored content again.",
        [nameof(PublishOptions.AllowPlaintext)] = "Use Set-AcmConfig -AllowPlaintext to store it unencrypted.",
        [nameof(CredentialSourceOptions.RoleArn)] = "Specify them with Connect-Acm -RoleArn and -OidcProviderArn.",
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
