using System.Collections.Specialized;
using Acm.Client;
using Acm.Client.Profiles;
using static AcmPowerShell.ProfileSetting;

namespace AcmPowerShell;

/// <summary>What a profile keeps of a connection: the one list of it. A client certificate is not among it, whose key no file here may hold.</summary>
internal static class ProfileSettings
{
    /// <summary>What signs: kept or dropped as a whole, because one part of it excludes another.</summary>
    private static readonly ProfileSetting[] Credentials =
    [
        Choice<CredentialSource>("CredentialSource", s => s.Credentials.Source, (s, v) => s.Credentials.Source = v),
        Text(nameof(CredentialSettings.AccessKey), s => s.Credentials.AccessKey, (s, v) => s.Credentials.AccessKey = v),
        Secret(nameof(CredentialSettings.SecretKey), s => s.Credentials.SecretKey, (s, v) => s.Credentials.SecretKey = v),
        Secret(nameof(CredentialSettings.SecurityToken), s => s.Credentials.SecurityToken, (s, v) => s.Credentials.SecurityToken = v),
        Text(nameof(CredentialSettings.SecretVault), s => s.Credentials.SecretVault, (s, v) => s.Credentials.SecretVault = v),
        Text(nameof(CredentialSettings.SecretName), s => s.Credentials.SecretName, (s, v) => s.Credentials.SecretName = v),
        Text(nameof(CredentialSettings.RamRoleName), s => s.Credentials.RamRoleName, (s, v) => s.Credentials.RamRoleName = v),
        Text(nameof(CredentialSettings.RoleArn), s => s.Credentials.RoleArn, (s, v) => s.Credentials.RoleArn = v),
        Text(nameof(CredentialSettings.RoleSessionName), s => s.Credentials.RoleSessionName, (s, v) => s.Credentials.RoleSessionName = v),
        Text(nameof(CredentialSettings.OidcProviderArn), s => s.Credentials.OidcProviderArn, (s, v) => s.Credentials.OidcProviderArn = v),
        Text(nameof(CredentialSettings.OidcTokenFile), s => s.Credentials.OidcTokenFile, (s, v) => s.Credentials.OidcTokenFile = v),
        Text(nameof(CredentialSettings.OidcAudience), s => s.Credentials.OidcAudience, (s, v) => s.Credentials.OidcAudience = v),
        Text(nameof(CredentialSettings.CliProfileName), s => s.Credentials.CliProfileName, (s, v) => s.Credentials.CliProfileName = v),
        Text(nameof(CredentialSettings.StsEndpoint), s => s.Credentials.StsEndpoint, (s, v) => s.Credentials.StsEndpoint = v),
        Text(nameof(CredentialSettings.MetadataEndpoint), s => s.Credentials.MetadataEndpoint, (s, v) => s.Credentials.MetadataEndpoint = v),
    ];

    private static readonly ProfileSetting[] Others =
    [
        Texts(nameof(ConnectionSettings.Endpoint), s => s.Endpoint, (s, v) => s.Endpoint = v),
        Text(nameof(ConnectionSettings.Namespace), s => s.Namespace, (s, v) => s.Namespace = v),
        Switch(nameof(CredentialSettings.NoAuth), s => s.Credentials.NoAuth, (s, v) => s.Credentials.NoAuth = v),
        Switch(nameof(KmsSettings.UseKms), s => s.Kms.UseKms == true, (s, v) => s.Kms.UseKms = v),
        Text(nameof(KmsSettings.KmsRegionId), s => s.Kms.KmsRegionId, (s, v) => s.Kms.KmsRegionId = v),
        Text(nameof(KmsSettings.KmsKeyId), s => s.Kms.KmsKeyId, (s, v) => s.Kms.KmsKeyId = v),
        Text(nameof(KmsSettings.KmsEndpoint), s => s.Kms.KmsEndpoint, (s, v) => s.Kms.KmsEndpoint = v),
        Text(nameof(KmsSettings.KmsAccessKey), s => s.Kms.KmsAccessKey, (s, v) => s.Kms.KmsAccessKey = v),
        Secret(nameof(KmsSettings.KmsSecretKey), s => s.Kms.KmsSecretKey, (s, v) => s.Kms.KmsSecretKey = v),
        Text(nameof(ConnectionSettings.UnitName), s => s.UnitName, (s, v) => s.UnitName = v),
        Switch(nameof(ConnectionSettings.Direct), s => s.Direct, (s, v) => s.Direct = v),
        Number(nameof(ConnectionSettings.TimeoutSec), 0.001, 600, s => s.TimeoutSec, (s, v) => s.TimeoutSec = v),
        Number(nameof(ConnectionSettings.TotalTimeoutSec), 0.001, 3600, s => s.TotalTimeoutSec, (s, v) => s.TotalTimeoutSec = v),
        Text(nameof(ProxySettings.Proxy), s => s.Proxy.Proxy, (s, v) => s.Proxy.Proxy = v),
        Text("ProxyUserName", s => s.Proxy.UserName, (s, v) => s.Proxy.UserName = v, nameof(ConnectionCmdlet.ProxyCredential)),
        Secret("ProxyPassword", s => s.Proxy.Password, (s, v) => s.Proxy.Password = v, nameof(ConnectionCmdlet.ProxyCredential)),
        Switch(nameof(ProxySettings.NoProxy), s => s.Proxy.NoProxy, (s, v) => s.Proxy.NoProxy = v),
        Switch(nameof(ConnectionSettings.UseTls), s => s.UseTls, (s, v) => s.UseTls = v),
        Text(nameof(ConnectionSettings.TlsServerName), s => s.TlsServerName, (s, v) => s.TlsServerName = v),
        Text(nameof(ConnectionSettings.CaCertificatePath), s => s.CaCertificatePath, (s, v) => s.CaCertificatePath = v),
        Switch(nameof(ConnectionSettings.SkipCertificateCheck), s => s.SkipCertificateCheck, (s, v) => s.SkipCertificateCheck = v),
        Count(nameof(ConnectionSettings.LongPollTimeoutSec), 10, 600, s => s.LongPollTimeoutSec, (s, v) => s.LongPollTimeoutSec = v),
        Count(nameof(ConnectionSettings.LongPollBatchSize), 1, 10_000, s => s.LongPollBatchSize, (s, v) => s.LongPollBatchSize = v),
        Count(nameof(ConnectionSettings.CallbackConcurrency), 1, 1000, s => s.CallbackConcurrency, (s, v) => s.CallbackConcurrency = v),
        Text(nameof(ConnectionSettings.FailoverPath), s => s.FailoverPath, (s, v) => s.FailoverPath = v),
        Text(nameof(ConnectionSettings.SnapshotPath), s => s.SnapshotPath, (s, v) => s.SnapshotPath = v),
        Switch(nameof(ConnectionSettings.NoSnapshot), s => s.NoSnapshot, (s, v) => s.NoSnapshot = v),
        Text(nameof(ConnectionSettings.AppName), s => s.AppName, (s, v) => s.AppName = v),
        Switch(nameof(ConnectionSettings.AllowUnicodeName), s => s.AllowUnicodeName, (s, v) => s.AllowUnicodeName = v),
        Switch(nameof(ConnectionSettings.AllowEuroSign), s => s.AllowEuroSign, (s, v) => s.AllowEuroSign = v),
        Text(nameof(ConnectionSettings.TracePath), s => s.TracePath, (s, v) => s.TracePath = v),
    ];

    /// <summary>Parameters of which one excludes another: given one of them, all are stored as the connection has them.</summary>
    private static readonly string[] OfProxy = [nameof(ConnectionCmdlet.Proxy), nameof(ConnectionCmdlet.ProxyCredential), nameof(ConnectionCmdlet.NoProxy)];

    private static IEnumerable<ProfileSetting> All => Others.Concat(Credentials);

    /// <summary>Has a profile keep what signs, and those other settings that were given; it keeps what else it has.</summary>
    /// <param name="settings">A connection with the settings.</param>
    /// <param name="profile">The profile.</param>
    /// <param name="isGiven">Whether the parameter of a setting was given.</param>
    internal static void Store(ConnectionSettings settings, StoredProfile profile, Func<string, bool> isGiven)
    {
        foreach (ProfileSetting setting in Credentials) setting.Store(settings, profile);
        foreach (ProfileSetting setting in Others)
            if (isGiven(setting.Parameter) || (OfProxy.Contains(setting.Parameter) && OfProxy.Any(isGiven))) setting.Store(settings, profile);
    }

    /// <summary>Has a profile keep no secret keys any more.</summary>
    internal static void DropKeys(StoredProfile profile)
    {
        profile.SetSecret(FieldOf(nameof(CredentialSettings.SecretKey)), null);
        profile.SetSecret(FieldOf(nameof(CredentialSettings.SecurityToken)), null);
    }

    /// <summary>Has a profile keep no secret key for KMS any more.</summary>
    internal static void DropKmsKey(StoredProfile profile) => profile.SetSecret(FieldOf(nameof(KmsSettings.KmsSecretKey)), null);

    /// <summary>The connection that a profile describes.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="withSecrets">Whether its secrets are needed, which may be unreadable here.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidProfile"/>: a setting can't be used; the message names its line.</exception>
    internal static ConnectionSettings ToConnection(StoredProfile profile, bool withSecrets = true)
    {
        if (string.IsNullOrEmpty(profile.Endpoint)) throw profile.Fault(StoredProfile.EndpointField, "is missing");

        var settings = new ConnectionSettings { Profile = profile.Name };
        foreach (ProfileSetting setting in All)
            if (withSecrets || !setting.IsSecret) setting.Apply(profile, settings);
        return settings;
    }

    /// <summary>What a person may see of a profile, by parameter.</summary>
    internal static OrderedDictionary Show(StoredProfile profile)
    {
        var shown = new OrderedDictionary();
        foreach (ProfileSetting setting in All)
            if (setting.Show(profile) is { } value) shown.Add(setting.Parameter, value);
        return shown;
    }
}
