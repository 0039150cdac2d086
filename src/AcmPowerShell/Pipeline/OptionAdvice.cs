using Acm.Client;
using Acm.Client.Credentials;
using Acm.Client.Transfer;

namespace AcmPowerShell;

/// <summary>Advice that names the parameter for an option of the engine.</summary>
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
        [nameof(AcmClientOptions.CaCertificatePath)] = "Use Connect-Acm -CaCertificatePath to trust your own CA.",
        [nameof(AcmClientOptions.TlsServerName)] = "Use Connect-Acm -CaCertificatePath to trust your own CA, and -TlsServerName if the certificate has another host name.",
        [nameof(AcmClientOptions.Kms)] = "Use Connect-Acm -UseKms -KmsRegionId to connect with KMS, Set-AcmConfig -NoEncrypt to publish cipher text as it is, or -AllowPlaintext to publish unencrypted.",
        [nameof(PublishOptions.RepairOnConflict)] = "Use Set-AcmConfig -IfMatch with -RepairOnConflict to publish the stored content again.",
        [nameof(PublishOptions.AllowPlaintext)] = "Use Set-AcmConfig -AllowPlaintext to store it unencrypted.",
        [nameof(CredentialSourceOptions.RoleArn)] = "Specify them with Connect-Acm -RoleArn and -OidcProviderArn.",
        [nameof(ConfigNamespace.Description)] = "Specify the description with Set-AcmNamespace -Description.",
        [nameof(RevisionQuery.Previous)] = "Use Restore-AcmConfig -Previous to undo one change.",
        [nameof(RevisionQuery.Deleted)] = "Use Restore-AcmConfig -Deleted to restore it.",
        [nameof(ExportOptions.AllowEmpty)] = "Use -Force to export an empty namespace.",
    };

    /// <summary>Returns the advice, extended by the sentence for an option.</summary>
    /// <param name="advice">The advice of the engine, or null.</param>
    /// <param name="option">The name of the option, or null.</param>
    internal static string? With(string? advice, string? option) =>
        option is null || !Sentences.TryGetValue(option, out string? sentence) ? advice : string.IsNullOrEmpty(advice) ? sentence : advice + " " + sentence;
}
