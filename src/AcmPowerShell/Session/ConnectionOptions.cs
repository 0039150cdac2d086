using System.Collections.Specialized;
using Acm.Client;
using Acm.Client.Credentials;
using Acm.Client.Profiles;
using static AcmPowerShell.ConnectionOption;

namespace AcmPowerShell;

/// <summary>
/// The table of connection options. A new option needs an entry here, a parameter of <see cref="ConnectionCmdlet"/> with its range, and, if the engine has it, an option of
/// <see cref="AcmClientOptions"/> with its default.
/// </summary>
internal static class ConnectionOptions
{
    /// <summary>The options of credentials. They are stored together, because some exclude others.</summary>
    private static readonly ConnectionOption[] Credentials =
    [
        Choice<CredentialSource>(nameof(ConnectionCmdlet.CredentialSource), s => s.Credentials.Source, (s, v) => s.Credentials.Source = v),
        Text(nameof(CredentialSettings.AccessKey), s => s.Credentials.AccessKey, (s, v) => s.Credentials.AccessKey = v) with { IsBoundApart = true },
        Secret(nameof(CredentialSettings.SecretKey), s => s.Credentials.SecretKey, (s, v) => s.Credentials.SecretKey = v) with { IsBoundApart = true },
        Text("UserName", s => s.Credentials.UserName, (s, v) => s.Credentials.UserName = v, nameof(CredentialSettings.Credential)) with { IsBoundApart = true, Variable = "ACM_USERNAME" },
        Secret(nameof(CredentialSettings.Password), s => s.Credentials.Password, (s, v) => s.Credentials.Password = v, nameof(CredentialSettings.Credential)) with { IsBoundApart = true },
        Text(nameof(ConnectionCmdlet.IdentityKey), s => s.IdentityKey, (s, v) => s.IdentityKey = v),
        Secret(nameof(ConnectionCmdlet.IdentityValue), s => s.IdentityValue, (s, v) => s.IdentityValue = v),
        Secret(nameof(ConnectionCmdlet.SecurityToken), s => s.Credentials.SecurityToken, (s, v) => s.Credentials.SecurityToken = v),
        Text(nameof(ConnectionCmdlet.SecretVault), s => s.Credentials.SecretVault, (s, v) => s.Credentials.SecretVault = v),
        Text(nameof(ConnectionCmdlet.SecretName), s => s.Credentials.SecretName, (s, v) => s.Credentials.SecretName = v),
        Text(nameof(ConnectionCmdlet.RamRoleName), s => s.Credentials.Options.RamRoleName, Source((o, v) => o with { RamRoleName = v })),
        Text(nameof(ConnectionCmdlet.RoleArn), s => s.Credentials.Options.RoleArn, Source((o, v) => o with { RoleArn = v })),
        Text(nameof(ConnectionCmdlet.RoleSessionName), s => s.Credentials.Options.RoleSessionName, Source((o, v) => o with { RoleSessionName = v })),
        Text(nameof(ConnectionCmdlet.OidcProviderArn), s => s.Credentials.Options.OidcProviderArn, Source((o, v) => o with { OidcProviderArn = v })),
        FilePath(nameof(ConnectionCmdlet.OidcTokenFile), s => s.Credentials.Options.OidcTokenFile, Source((o, v) => o with { OidcTokenFile = v })),
        Text(nameof(ConnectionCmdlet.OidcAudience), s => s.Credentials.Options.OidcAudience, Source((o, v) => o with { OidcAudience = v })),
        Text(nameof(ConnectionCmdlet.CliProfileName), s => s.Credentials.Options.ProfileName, Source((o, v) => o with { ProfileName = v })),
        Text(nameof(ConnectionCmdlet.StsEndpoint), s => s.Credentials.Options.StsEndpoint, Source((o, v) => o with { StsEndpoint = v })),
        Text(nameof(ConnectionCmdlet.MetadataEndpoint), s => s.Credentials.Options.MetadataEndpoint, Source((o, v) => o with { MetadataEndpoint = v })),
    ];

    private static readonly ConnectionOption[] Others =
    [
        Texts(nameof(ConnectionSettings.Endpoint), s => s.Endpoint, (s, v) => s.Endpoint = v) with { IsBoundApart = true },
        Text(nameof(AcmClientOptions.Namespace), s => s.Options.Namespace, Engine<string>((o, v) => o with { Namespace = v })) with { IsBoundApart = true },
        Switch(nameof(ConnectionCmdlet.NoAuth), s => s.Credentials.NoAuth, (s, v) => s.Credentials.NoAuth = v),
        Switch(nameof(ConnectionCmdlet.UseKms), s => s.Kms.UseKms == true, (s, v) => s.Kms.UseKms = v),
        Text(nameof(ConnectionCmdlet.KmsRegionId), s => s.Kms.KmsRegionId, (s, v) => s.Kms.KmsRegionId = v),
        Text(nameof(ConnectionCmdlet.KmsKeyId), s => s.Kms.KmsKeyId, (s, v) => s.Kms.KmsKeyId = v),
        Text(nameof(ConnectionCmdlet.KmsEndpoint), s => s.Kms.KmsEndpoint, (s, v) => s.Kms.KmsEndpoint = v),
        Text(nameof(ConnectionCmdlet.KmsAccessKey), s => s.Kms.KmsAccessKey, (s, v) => s.Kms.KmsAccessKey = v),
        Secret(nameof(ConnectionCmdlet.KmsSecretKey), s => s.Kms.KmsSecretKey, (s, v) => s.Kms.KmsSecretKey = v),
        Text(nameof(ConnectionCmdlet.UnitName), s => s.Options.UnitName, Engine<string>((o, v) => o with { UnitName = v })),
        Choice<ServerType>(nameof(ConnectionCmdlet.ServerType), s => (ServerType)s.Options.ServerType, Engine<ServerType>((o, v) => o with { ServerType = (AcmServerType)v })),
        Text(nameof(ConnectionCmdlet.SignatureRegion), s => s.Options.SignatureRegion, Engine<string>((o, v) => o with { SignatureRegion = v })),
        Switch(nameof(ConnectionCmdlet.Direct), s => s.Options.Direct, Engine<bool>((o, v) => o with { Direct = v })),
        Number(nameof(ConnectionCmdlet.TimeoutSec), s => s.Options.TryTimeout.TotalSeconds, Engine<double>((o, v) => o with { TryTimeout = TimeSpan.FromSeconds(v) })),
        Number(nameof(ConnectionCmdlet.TotalTimeoutSec), s => s.Options.TotalTimeout?.TotalSeconds, Engine<double>((o, v) => o with { TotalTimeout = TimeSpan.FromSeconds(v) })),
        Text(nameof(ConnectionCmdlet.Proxy), s => s.Proxy.Proxy, (s, v) => s.Proxy.Proxy = v) with { IsBoundApart = true },
        Text("ProxyUserName", s => s.Proxy.UserName, (s, v) => s.Proxy.UserName = v, nameof(ConnectionCmdlet.ProxyCredential)) with { IsBoundApart = true },
        Secret("ProxyPassword", s => s.Proxy.Password, (s, v) => s.Proxy.Password = v, nameof(ConnectionCmdlet.ProxyCredential)) with { IsBoundApart = true },
        Switch(nameof(ConnectionCmdlet.NoProxy), s => s.Proxy.NoProxy, (s, v) => s.Proxy.NoProxy = v) with { IsBoundApart = true },
        Switch(nameof(ConnectionCmdlet.UseTls), s => s.Options.UseTls, Engine<bool>((o, v) => o with { UseTls = v })),
        Text(nameof(ConnectionCmdlet.TlsServerName), s => s.Options.TlsServerName, Engine<string>((o, v) => o with { TlsServerName = v })),
        FilePath(nameof(ConnectionCmdlet.CaCertificatePath), s => s.Options.CaCertificatePath, Engine<string>((o, v) => o with { CaCertificatePath = v })),
        Switch(nameof(ConnectionCmdlet.SkipCertificateCheck), s => s.Options.SkipCertificateCheck, Engine<bool>((o, v) => o with { SkipCertificateCheck = v })),
        Number(nameof(ConnectionCmdlet.LongPollTimeoutSec), s => s.Options.LongPollTimeout.TotalSeconds, Engine<double>((o, v) => o with { LongPollTimeout = TimeSpan.FromSeconds((int)v) })),
        Number(nameof(ConnectionCmdlet.LongPollBatchSize), s => s.Options.LongPollBatchSize, Engine<double>((o, v) => o with { LongPollBatchSize = (int)v })),
        Number(nameof(ConnectionCmdlet.GrpcPort), s => s.Options.GrpcPort, Engine<double>((o, v) => o with { GrpcPort = (int)v })),
        Number(nameof(ConnectionCmdlet.CallbackConcurrency), s => s.Options.CallbackConcurrency, Engine<double>((o, v) => o with { CallbackConcurrency = (int)v })),
        FilePath(nameof(ConnectionCmdlet.FailoverPath), s => s.Options.FailoverPath, Engine<string>((o, v) => o with { FailoverPath = v })),
        FilePath(nameof(ConnectionCmdlet.SnapshotPath), s => s.Options.SnapshotPath, Engine<string>((o, v) => o with { SnapshotPath = v })),
        Switch(nameof(ConnectionCmdlet.NoSnapshot), s => s.Options.NoSnapshot, Engine<bool>((o, v) => o with { NoSnapshot = v })) with { IsBoundApart = true },
        Text(nameof(ConnectionCmdlet.AppName), s => s.Options.AppName, Engine<string>((o, v) => o with { AppName = v })),
        Switch(nameof(ConnectionCmdlet.AllowUnicodeName), s => s.Options.AllowUnicodeName, Engine<bool>((o, v) => o with { AllowUnicodeName = v })),
        Switch(nameof(ConnectionCmdlet.AllowEuroSign), s => s.Options.AllowEuroSign, Engine<bool>((o, v) => o with { AllowEuroSign = v })),
        FilePath(nameof(ConnectionCmdlet.TracePath), s => s.TracePath, (s, v) => s.TracePath = v),
    ];

    /// <summary>The parameters of the proxy. They are stored together, because some exclude others.</summary>
    private static readonly string[] ProxyParameters = [nameof(ConnectionCmdlet.Proxy), nameof(ConnectionCmdlet.ProxyCredential), nameof(ConnectionCmdlet.NoProxy)];

    internal static IEnumerable<ConnectionOption> All => Others.Concat(Credentials);

    private static Action<ConnectionSettings, string> Source(Func<CredentialSourceOptions, string, CredentialSourceOptions> set) =>
        (settings, value) => settings.Credentials.Options = set(settings.Credentials.Options, value);

    /// <summary>Returns a setter for an option of the engine.</summary>
    private static Action<ConnectionSettings, T> Engine<T>(Func<AcmClientOptions, T, AcmClientOptions> set) => (settings, value) => settings.Options = set(settings.Options, value);

    /// <summary>Stores credentials and the specified settings in a profile. Its other settings are unchanged.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="profile">The profile.</param>
    /// <param name="isGiven">Returns whether a parameter was specified.</param>
    internal static void Store(ConnectionSettings settings, StoredProfile profile, Func<string, bool> isGiven)
    {
        foreach (ConnectionOption option in Credentials) option.Store(settings, profile);
        foreach (ConnectionOption option in Others)
            if (isGiven(option.Parameter) || (ProxyParameters.Contains(option.Parameter) && ProxyParameters.Any(isGiven))) option.Store(settings, profile);
    }

    /// <summary>Removes user name, secret key, password, security token and identity from a profile.</summary>
    internal static void DropKeys(StoredProfile profile)
    {
        profile.SetSecret(FieldOf(nameof(CredentialSettings.SecretKey)), null);
        profile.SetSecret(FieldOf(nameof(CredentialSettings.Password)), null);
        profile.Set("userName", (string?)null);
        profile.SetSecret(FieldOf(nameof(ConnectionCmdlet.SecurityToken)), null);
        profile.Set(FieldOf(nameof(ConnectionCmdlet.IdentityKey)), (string?)null);
        profile.SetSecret(FieldOf(nameof(ConnectionCmdlet.IdentityValue)), null);
    }

    /// <summary>Removes the secret key for KMS from a profile.</summary>
    internal static void DropKmsKey(StoredProfile profile) => profile.SetSecret(FieldOf(nameof(ConnectionCmdlet.KmsSecretKey)), null);

    /// <summary>Returns the settings of a profile.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="withSecrets">Whether to read its secrets, which other users and computers cannot decrypt.</param>
    /// <exception cref="AcmException">A setting is not valid (<see cref="AcmErrorKind.InvalidProfile"/>); the message names its line.</exception>
    internal static ConnectionSettings ToConnection(StoredProfile profile, bool withSecrets = true)
    {
        if (string.IsNullOrEmpty(profile.Endpoint)) throw profile.Fault(StoredProfile.EndpointField, "is missing");

        var settings = new ConnectionSettings { Profile = profile.Name };
        foreach (ConnectionOption option in All)
            if (withSecrets || !option.IsSecret) option.Load(profile, settings);
        return settings;
    }

    /// <summary>Returns the settings of a profile without secrets, by parameter.</summary>
    internal static OrderedDictionary Show(StoredProfile profile)
    {
        var shown = new OrderedDictionary();
        foreach (ConnectionOption option in All)
            if (option.Show(profile) is { } value) shown.Add(option.Parameter, value);
        return shown;
    }
}
