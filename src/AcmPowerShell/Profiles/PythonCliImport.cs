using System.Net;
using Acm.Client;
using Acm.Client.Profiles;

namespace AcmPowerShell;

/// <summary>Imports a namespace of the Python CLI as a profile.</summary>
/// <param name="entry">The namespace.</param>
/// <param name="file">The existing profiles.</param>
/// <param name="planned">Names that are planned for other namespaces.</param>
internal sealed class PythonCliImport(PythonCliEntry entry, ProfileFile file, IReadOnlyCollection<string> planned) : NamespaceImport(entry.Endpoint, entry.Namespace, entry.Alias, file, planned)
{
    private protected override bool IsCurrent => entry.IsCurrent;

    private protected override bool IsGiven(string parameter) => parameter switch
    {
        nameof(AcmClientOptions.Endpoint) or nameof(AcmClientOptions.Namespace) or nameof(AcmClientOptions.UseTls) => true,
        nameof(KmsSettings.UseKms) or nameof(KmsSettings.KmsRegionId) or nameof(KmsSettings.KmsKeyId) => entry.UseKms || Exists,
        nameof(KmsSettings.KmsAccessKey) or nameof(KmsSettings.KmsSecretKey) or nameof(KmsSettings.KmsEndpoint) => entry.UseKms || Exists,
        _ => false,
    };

    private protected override void Apply(ConnectionSettings settings, List<string> taken)
    {
        settings.Endpoint = [entry.Endpoint];
        settings.Options = settings.Options with { Namespace = entry.Namespace, UseTls = entry.UseTls };
        settings.MakeRoom(entry.RamRoleName is null ? CredentialSource.Keys : CredentialSource.RamRole, keys: true, secret: true, ramRole: true);
        settings.Credentials.Source = null;
        if (entry.RamRoleName is not null)
        {
            settings.Credentials.Options = settings.Credentials.Options with { RamRoleName = entry.RamRoleName };
            taken.Add("RAM role");
        }
        else if (entry is { AccessKey: { } accessKey, SecretKey: { } secretKey })
        {
            settings.Credentials.AccessKey = accessKey;
            settings.Credentials.SecretKey = new NetworkCredential("", secretKey).SecurePassword;
            taken.Add("keys");
        }
        else if (entry.AccessKey is not null || entry.SecretKey is not null)
        {
            taken.Add("an incomplete pair of keys was skipped");
        }

        settings.Kms.Clear();
        if (entry.UseKms) ApplyKms(settings.Kms, taken);
    }

    private void ApplyKms(KmsSettings kms, List<string> taken)
    {
        kms.UseKms = true;
        kms.KmsRegionId = entry.RegionId;
        kms.KmsKeyId = entry.KmsKeyId;
        taken.Add("KMS");

        // The Python CLI stores the connection's keys as those for KMS if none were specified.
        if (entry is not { KmsAccessKey: { } accessKey, KmsSecretKey: { } secretKey } || (accessKey == entry.AccessKey && secretKey == entry.SecretKey && entry.RamRoleName is null)) return;

        kms.KmsAccessKey = accessKey;
        kms.KmsSecretKey = new NetworkCredential("", secretKey).SecurePassword;
        taken.Add("keys for KMS");
    }
}
