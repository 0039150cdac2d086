using System.Management.Automation;
using System.Net;
using System.Security;
using Acm.Client;
using Acm.Client.Credentials;

namespace AcmPowerShell;

/// <summary>What a connection signs with, in the words of Connect-Acm's parameters.</summary>
internal sealed class CredentialSettings
{
    /// <summary>Where the credentials come from; null for the keys where there are some, for the ECS role where it is named, else for none.</summary>
    internal CredentialSource? Source { get; set; }

    /// <summary>Access key id.</summary>
    internal string? AccessKey { get; set; }

    /// <summary>Secret key.</summary>
    internal SecureString? SecretKey { get; set; }

    /// <summary>Access key id and secret key as user name and password; goes before the two.</summary>
    internal PSCredential? Credential { get; set; }

    /// <summary>STS token of temporary credentials.</summary>
    internal SecureString? SecurityToken { get; set; }

    /// <summary>Vault of SecretManagement that <see cref="SecretName"/> is in; null for any.</summary>
    internal string? SecretVault { get; set; }

    /// <summary>Secret of SecretManagement that holds the keys; null where they are given otherwise.</summary>
    internal string? SecretName { get; set; }

    internal string? RamRoleName { get; set; }

    internal string? RoleArn { get; set; }

    internal string? RoleSessionName { get; set; }

    internal string? OidcProviderArn { get; set; }

    /// <summary>A full path.</summary>
    internal string? OidcTokenFile { get; set; }

    internal string? OidcAudience { get; set; }

    /// <summary>Profile of the Alibaba Cloud CLI.</summary>
    internal string? CliProfileName { get; set; }

    internal string? StsEndpoint { get; set; }

    internal string? MetadataEndpoint { get; set; }

    /// <summary>Sign no request, although there are credentials.</summary>
    internal bool NoAuth { get; set; }

    private bool HasKeys => Credential is not null || !string.IsNullOrEmpty(AccessKey) || SecretKey is { Length: > 0 } || SecretName is not null;

    /// <summary>The source in effect; null where requests are not signed.</summary>
    internal CredentialSource? Chosen => Source ?? (HasKeys ? CredentialSource.Keys : RamRoleName is not null ? CredentialSource.RamRole : null);

    /// <summary>Drops what can't stand beside credentials that are given anew, as beside a profile: other keys, and what belongs to another source.</summary>
    /// <param name="source">The source that is given; null for none.</param>
    /// <param name="keys">Whether keys are given.</param>
    /// <param name="secret">Whether a secret of SecretManagement is.</param>
    /// <param name="ramRole">Whether the name of an ECS role is.</param>
    internal void MakeRoom(CredentialSource? source, bool keys, bool secret, bool ramRole)
    {
        if (keys || secret) (SecretName, SecretVault, Credential, SecurityToken) = (null, null, null, null);
        if (secret) (AccessKey, SecretKey) = (null, null);

        CredentialSource? next = source
            ?? ((keys || secret) && !GoesWith(nameof(AccessKey), Chosen) ? CredentialSource.Keys
            : ramRole && !GoesWith(nameof(RamRoleName), Chosen) ? CredentialSource.RamRole
            : null);
        if (next is not { } chosen) return;

        Source = source;
        if (!GoesWith(nameof(AccessKey), chosen)) (AccessKey, SecretKey, SecretName, SecretVault, Credential, SecurityToken) = (null, null, null, null, null, null);
        if (!GoesWith(nameof(RamRoleName), chosen)) RamRoleName = null;
        if (!GoesWith(nameof(RoleArn), chosen)) (RoleArn, RoleSessionName) = (null, null);
        if (!GoesWith(nameof(OidcProviderArn), chosen)) (OidcProviderArn, OidcTokenFile, OidcAudience) = (null, null, null);
        if (!GoesWith(nameof(CliProfileName), chosen)) CliProfileName = null;
        if (!GoesWith(nameof(StsEndpoint), chosen)) StsEndpoint = null;
        if (!GoesWith(nameof(MetadataEndpoint), chosen)) MetadataEndpoint = null;
    }

    /// <summary>Refuses settings that do not go together.</summary>
    /// <exception cref="InvalidSettingException">The message names both.</exception>
    internal void Check()
    {
        if (SecretVault is not null && SecretName is null) throw new InvalidSettingException("-SecretVault needs -SecretName with it.", nameof(SecretVault), SecretVault);
        if (SecretName is not null && (Credential is not null || !string.IsNullOrEmpty(AccessKey) || SecretKey is { Length: > 0 })) throw new InvalidSettingException("-SecretName and keys exclude each other: the secret holds both keys.", nameof(SecretName), SecretName);
        if (SecurityToken is not null && !HasKeys) throw new InvalidSettingException("-SecurityToken needs -AccessKey and -SecretKey with it.", nameof(SecurityToken));
        if (Source == CredentialSource.Keys && !HasKeys) throw new InvalidSettingException("-CredentialSource Keys needs -AccessKey and -SecretKey, -Credential or -SecretName.", "CredentialSource", Source);

        Allow(HasKeys ? "keys" : null, Credential is not null ? nameof(Credential) : SecretName is not null ? nameof(SecretName) : nameof(AccessKey));
        Allow(RamRoleName, nameof(RamRoleName));
        Allow(RoleArn, nameof(RoleArn));
        Allow(RoleSessionName, nameof(RoleSessionName));
        Allow(OidcProviderArn, nameof(OidcProviderArn));
        Allow(OidcTokenFile, nameof(OidcTokenFile));
        Allow(OidcAudience, nameof(OidcAudience));
        Allow(CliProfileName, nameof(CliProfileName));
        Allow(StsEndpoint, nameof(StsEndpoint));
        Allow(MetadataEndpoint, nameof(MetadataEndpoint));

        string[] callers = [.. new[] { HasKeys ? "the keys" : "", RamRoleName is null ? "" : "-RamRoleName", CliProfileName is null ? "" : "-CliProfileName" }.Where(text => text.Length > 0)];
        if (Chosen == CredentialSource.AssumeRole && callers.Length > 1)
            throw new InvalidSettingException($"{string.Join(" and ", callers)} exclude each other: one of them assumes the role.", nameof(RoleArn), RoleArn);
    }

    /// <summary>What gives the credentials; null where requests are not to be signed. Reads and sends nothing.</summary>
    /// <param name="caCertificatePath">CA certificates that STS may have, too; null for none.</param>
    /// <param name="proxy">The proxy to use; null for that of the environment.</param>
    /// <param name="log">Where refreshes are told; null for nowhere.</param>
    /// <exception cref="InvalidSettingException">A part is missing or can't be used.</exception>
    internal AcmCredentialSource? ToSource(string? caCertificatePath, AcmProxyOptions? proxy, IAcmLog? log)
    {
        Check();
        if (NoAuth || Chosen is not { } source) return null;

        var options = new CredentialSourceOptions
        {
            Credential = ToCredential(),
            RamRoleName = RamRoleName,
            RoleArn = RoleArn,
            RoleSessionName = RoleSessionName,
            OidcProviderArn = OidcProviderArn,
            OidcTokenFile = OidcTokenFile,
            OidcAudience = OidcAudience,
            ProfileName = CliProfileName,
            StsEndpoint = StsEndpoint,
            MetadataEndpoint = MetadataEndpoint,
            CaCertificatePath = caCertificatePath,
            Proxy = proxy,
            Log = log,
        };
        try
        {
            return source switch
            {
                CredentialSource.Environment => CredentialSources.Environment(options),
                CredentialSource.CliProfile => CredentialSources.CliProfile(options),
                CredentialSource.RamRole => CredentialSources.RamRole(options),
                CredentialSource.AssumeRole => CredentialSources.AssumeRole(options),
                CredentialSource.Oidc => CredentialSources.Oidc(options),
                CredentialSource.Default => CredentialSources.Default(options),
                _ => CredentialSources.Keys(options.Credential!),
            };
        }
        catch (ArgumentException e)
        {
            throw new InvalidSettingException(AcmErrors.WithoutParameter(e), ParameterOf(e.Message), inner: e);
        }
    }

    private static bool GoesWith(string parameter, CredentialSource? source) => source is { } chosen && SourcesOf(parameter).Contains(chosen);

    private static CredentialSource[] SourcesOf(string parameter) => parameter switch
    {
        nameof(RamRoleName) => [CredentialSource.RamRole, CredentialSource.AssumeRole, CredentialSource.Default],
        nameof(RoleArn) or nameof(RoleSessionName) => [CredentialSource.AssumeRole, CredentialSource.Oidc],
        nameof(OidcProviderArn) or nameof(OidcTokenFile) or nameof(OidcAudience) => [CredentialSource.Oidc],
        nameof(CliProfileName) => [CredentialSource.CliProfile, CredentialSource.AssumeRole, CredentialSource.Default],
        nameof(StsEndpoint) => [CredentialSource.AssumeRole, CredentialSource.Oidc, CredentialSource.CliProfile, CredentialSource.Default],
        nameof(MetadataEndpoint) => [CredentialSource.RamRole, CredentialSource.AssumeRole, CredentialSource.CliProfile, CredentialSource.Default],
        _ => [CredentialSource.Keys, CredentialSource.AssumeRole],
    };

    // The engine speaks of its options; here they are parameters, most of the same name.
    private static string ParameterOf(string message)
    {
        if (message.StartsWith("The STS endpoint", StringComparison.Ordinal)) return nameof(StsEndpoint);
        if (message.StartsWith("The metadata endpoint", StringComparison.Ordinal)) return nameof(MetadataEndpoint);
        if (message.StartsWith("The CA certificate file", StringComparison.Ordinal)) return "CaCertificatePath";
        if (message.StartsWith("The proxy", StringComparison.Ordinal)) return "Proxy";
        return new[] { nameof(RoleArn), nameof(RoleSessionName), nameof(OidcProviderArn) }.FirstOrDefault(name => message.StartsWith(name, StringComparison.Ordinal)) ?? "CredentialSource";
    }

    private void Allow(string? value, string parameter)
    {
        if (value is null || NoAuth || GoesWith(parameter, Chosen)) return;

        CredentialSource[] sources = SourcesOf(parameter);
        string needs = sources.Length == 1 ? sources[0].ToString() : string.Join(", ", sources.Take(sources.Length - 1)) + " or " + sources[sources.Length - 1];
        throw new InvalidSettingException($"-{parameter} goes with -CredentialSource {needs}.", parameter);
    }

    private AcmCredential? ToCredential()
    {
        if (Credential is not null) return MakeCredential(Credential.UserName, Credential.Password);

        bool hasSecret = SecretKey is { Length: > 0 };
        if (string.IsNullOrEmpty(AccessKey) && !hasSecret) return null;
        if (string.IsNullOrEmpty(AccessKey)) throw new InvalidSettingException("-SecretKey needs -AccessKey with it.", nameof(AccessKey));
        if (!hasSecret) throw new InvalidSettingException("-AccessKey needs -SecretKey with it.", nameof(SecretKey));

        return MakeCredential(AccessKey!, SecretKey!);
    }

    private AcmCredential MakeCredential(string accessKey, SecureString secretKey)
    {
        if (accessKey.Length == 0 || secretKey.Length == 0) throw new InvalidSettingException("The access key id and the secret key can't be empty.", nameof(Credential));

        try
        {
            return new AcmCredential(accessKey, Plain(secretKey), SecurityToken is null ? null : Plain(SecurityToken));
        }
        catch (ArgumentException e)
        {
            string parameter = e.ParamName == "securityToken" ? nameof(SecurityToken) : e.ParamName == "secretKey" && Credential is null ? nameof(SecretKey) : Credential is null ? nameof(AccessKey) : nameof(Credential);
            throw new InvalidSettingException(AcmErrors.WithoutParameter(e), parameter, inner: e);
        }
    }

    private static string Plain(SecureString secret) => new NetworkCredential("", secret).Password;
}
