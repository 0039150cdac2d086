using System.Collections.Specialized;
using Acm.Client.Profiles;

namespace AcmPowerShell;

/// <summary>A profile as it is shown: it holds no secret, only the names of those that are kept.</summary>
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

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Address server, or with -Direct the servers.</summary>
    public string Endpoint { get; }

    /// <summary>Namespace; empty for the blank one.</summary>
    public string Namespace { get; }

    /// <summary>The access key id, shortened; null where there is none.</summary>
    public string? AccessKey { get; }

    /// <summary>Where the credentials come from; null where requests are not signed.</summary>
    public string? CredentialSource { get; }

    /// <summary>Whether the data servers are spoken to over TLS.</summary>
    public bool Tls { get; }

    /// <summary>Whether KMS encrypts and decrypts <c>cipher-</c> configurations.</summary>
    public bool UseKms { get; }

    /// <summary>Whether it is the one that is used where none is named.</summary>
    public bool IsDefault { get; }

    /// <summary>Whether this runspace's connection was made from it.</summary>
    public bool IsCurrent { get; }

    /// <summary>The names of the secrets that are kept with it.</summary>
    public string[] Secrets { get; }

    /// <summary>All settings that are no secrets, by the parameter of Connect-Acm.</summary>
    public OrderedDictionary Settings { get; }

    /// <summary>When it was changed last, in local time.</summary>
    public DateTime? Updated { get; }

    /// <summary>Its name.</summary>
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
