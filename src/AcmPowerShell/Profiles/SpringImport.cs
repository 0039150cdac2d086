using System.Net;
using Acm.Client;
using Acm.Client.Profiles;

namespace AcmPowerShell;

/// <summary>Imports a Nacos connection of a Spring application as a profile.</summary>
/// <param name="entry">The connection.</param>
/// <param name="file">The existing profiles.</param>
/// <param name="planned">Names that are planned for other namespaces.</param>
internal sealed class SpringImport(SpringEntry entry, ProfileFile file, IReadOnlyCollection<string> planned) : NamespaceImport(entry.Address, entry.Namespace, entry.Alias, file, planned)
{
    private protected override bool IsGiven(string parameter) =>
        parameter is nameof(AcmClientOptions.Endpoint) or nameof(AcmClientOptions.Namespace) or nameof(ConnectionCmdlet.ServerType) or nameof(ConnectionCmdlet.Direct);

    private protected override void Apply(ConnectionSettings settings, List<string> taken)
    {
        settings.Endpoint = [entry.Address];
        settings.Options = settings.Options with { Namespace = entry.Namespace, Direct = !entry.IsEndpoint, ServerType = AcmServerType.Nacos };
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
        else if (entry is { UserName: { } user, Password: { } password })
        {
            settings.Credentials.UserName = user;
            settings.Credentials.Password = new NetworkCredential("", password).SecurePassword;
            taken.Add("user and password");
        }
        else if ((entry.AccessKey ?? entry.SecretKey ?? entry.UserName ?? entry.Password) is not null)
        {
            taken.Add("an incomplete user and password was skipped");
        }

        if (entry.Imports.Count > 0) taken.Add("the application reads " + string.Join(", ", entry.Imports));
    }
}
