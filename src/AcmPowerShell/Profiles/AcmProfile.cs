using System.Collections.Specialized;
using Acm.Client.Profiles;

namespace AcmPowerShell;

/// <summary>A profile, as Get-AcmProfile returns it. It contains the names of its secrets, but not their values.</summary>
public sealed class AcmProfile
{
    internal AcmProfile(StoredProfile profile, string? defaultName, AcmSession? current)
    {
        Settings = ConnectionOptions.Show(profile);
        Name = profile.Name;
        Endpoint = profile.Endpoint ?? "";
        Namespace = profile.Namespace;
        if (Settings[nameof(AccessKey)] is string key) Settings[nameof(AccessKey)] = AccessKey = AcmSession.Shorten(key);
        CredentialSource = SourceOf(profile);
        Tls = profile.Switch(ConnectionOption.FieldOf(nameof(ConnectionCmdlet.UseTls))) == true || Endpoint.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        if (Settings[nameof(KmsSettings.KmsAccessKey)] is string kmsKey) Settings[nameof(KmsSettings.KmsAccessKey)] = AcmSession.Shorten(kmsKey);
        UseKms = Settings[nameof(UseKms)] is true;
        IsDefault = string.Equals(Name, defaultName, StringComparison.Ordinal);
        IsCurrent = string.Equals(Name, current?.Profile, StringComparison.Ordinal);
        Secrets = [.. profile.SecretNames];
        Updated = profile.Updated?.LocalDateTime;
    }

    /// <summary>Gets the name.</summary>
    public string Name { get; }

    /// <summary>Gets the address server, or the data servers with -Direct.</summary>
    public string Endpoint { get; }

    /// <summary>Gets the ID of the namespace. Empty for the default namespace.</summary>
    public string Namespace { get; }

    /// <summary>Gets the access key ID, shortened, or null.</summary>
    public string? AccessKey { get; }

    /// <summary>Gets the source of the credentials. Null if requests are not signed.</summary>
    public string? CredentialSource { get; }

    /// <summary>Gets whether connections to the data servers use TLS.</summary>
    public bool Tls { get; }

    /// <summary>Gets whether <c>cipher-</c> configurations are encrypted and decrypted with KMS.</summary>
    public bool UseKms { get; }

    /// <summary>Gets whether it is the default profile.</summary>
    public bool IsDefault { get; }

    /// <summary>Gets whether this runspace's default connection uses it.</summary>
    public bool IsCurrent { get; }

    /// <summary>Gets the names of its secrets.</summary>
    public string[] Secrets { get; }

    /// <summary>Gets the settings that are not secrets, by parameter of Connect-Acm.</summary>
    public OrderedDictionary Settings { get; }

    /// <summary>Gets the local time of its latest change.</summary>
    public DateTime? Updated { get; }

    /// <summary>Returns the name.</summary>
    public override string ToString() => Name;

    private string? SourceOf(StoredProfile profile)
    {
        if (Settings[nameof(CredentialSettings.NoAuth)] is true) return null;
        if (Settings[nameof(CredentialSource)] is string source) return source;
        if (Settings[nameof(CredentialSettings.SecretName)] is not null || HasSecret(nameof(CredentialSettings.SecretKey)) || HasSecret(nameof(CredentialSettings.Password))) return nameof(AcmPowerShell.CredentialSource.Keys);
        return Settings[nameof(ConnectionCmdlet.RamRoleName)] is null ? null : nameof(AcmPowerShell.CredentialSource.RamRole);

        bool HasSecret(string name) => profile.SecretNames.Contains(ConnectionOption.FieldOf(name));
    }
}
