using System.Management.Automation;
using System.Net;
using System.Security;
using Acm.Client;
using Acm.Client.Credentials;

namespace AcmPowerShell;

/// <summary>What a connection signs with, in the words of Connect-Acm's parameters.</summary>
internal sealed class CredentialSettings
{
    private static readonly CredentialSource[] WithKeys = [CredentialSource.Keys, CredentialSource.AssumeRole];

    /// <summary>The parameters that only some sources have a use for.</summary>
    private static readonly Part[] Parts =
    [
        new(nameof(ConnectionCmdlet.RamRoleName), o => o.RamRoleName, o => o with { RamRoleName = null }, [CredentialSource.RamRole, CredentialSource.AssumeRole, CredentialSource.Default]),
        new(nameof(ConnectionCmdlet.RoleArn), o => o.RoleArn, o => o with { RoleArn = null }, [CredentialSource.AssumeRole, CredentialSource.Oidc]),
        new(nameof(ConnectionCmdlet.RoleSessionName), o => o.RoleSessionName, o => o with { RoleSessionName = null }, [CredentialSource.AssumeRole, CredentialSource.Oidc]),
        new(nameof(ConnectionCmdlet.OidcProviderArn), o => o.OidcProviderArn, o => o with { OidcProviderArn = null }, [CredentialSource.Oidc]),
        new(nameof(ConnectionCmdlet.OidcTokenFile), o => o.OidcTokenFile, o => o with { OidcTokenFile = null }, [CredentialSource.Oidc]),
        new(nameof(ConnectionCmdlet.OidcAudience), o => o.OidcAudience, o => o with { OidcAudience = null }, [CredentialSource.Oidc]),
        new(nameof(ConnectionCmdlet.CliProfileName), o => o.ProfileName, o => o with { ProfileName = null }, [CredentialSource.CliProfile, CredentialSource.AssumeRole, CredentialSource.Default]),
        new(nameof(ConnectionCmdlet.StsEndpoint), o => o.StsEndpoint, o => o with { StsEndpoint = null }, [CredentialSource.AssumeRole, CredentialSource.Oidc, CredentialSource.CliProfile, CredentialSource.Default]),
        new(nameof(ConnectionCmdlet.MetadataEndpoint), o => o.MetadataEndpoint, o => o with { MetadataEndpoint = null }, [CredentialSource.RamRole, CredentialSource.AssumeRole, CredentialSource.CliProfile, CredentialSource.Default]),
    ];

    /// <summary>Where the credentials come from; null for the keys where there are some, for the ECS role where it is named, else for none.</summary>
    internal CredentialSource? Source { get; set; }

    /// <summary>Access key id.</summary>
    internal string? AccessKey { get; set; }

    /// <summary>Secret key.</summary>
    internal SecureString? SecretKey { get; set; }

    /// <summary>User who logs in; for ACM the access key id.</summary>
    internal string? UserName { get; set; }

    /// <summary>His password; for ACM the secret key.</summary>
    internal SecureString? Password { get; set; }

    /// <summary>User and password, or access key id and secret key in their place; goes before the keys.</summary>
    internal PSCredential? Credential
    {
        get => string.IsNullOrEmpty(UserName) || Password is null ? null : new PSCredential(UserName, Password);
        set => (UserName, Password) = (value?.UserName, value?.Password);
    }

    /// <summary>STS token of temporary credentials.</summary>
    internal SecureString? SecurityToken { get; set; }

    /// <summary>Vault of SecretManagement that <see cref="SecretName"/> is in; null for any.</summary>
    internal string? SecretVault { get; set; }

    /// <summary>Secret of SecretManagement that holds the keys; null where they are given otherwise.</summary>
    internal string? SecretName { get; set; }

    /// <summary>What the source has to know. The keys and what it shares with the connection come when it is made.</summary>
    internal CredentialSourceOptions Options { get; set; } = new();

    /// <summary>Sign no request, although there are credentials.</summary>
    internal bool NoAuth { get; set; }

    private bool HasKeys => Credential is not null || !string.IsNullOrEmpty(AccessKey) || SecretKey is { Length: > 0 } || SecretName is not null;

    /// <summary>Whether what there is are access keys, which sign and are never sent, instead of a user and a password.</summary>
    internal bool AreAccessKeys => Chosen is not (null or CredentialSource.Keys) || SecurityToken is not null || (Credential is null && !string.IsNullOrEmpty(AccessKey));

    /// <summary>The source in effect; null where requests are not signed.</summary>
    internal CredentialSource? Chosen => Source ?? (HasKeys ? CredentialSource.Keys : Options.RamRoleName is not null ? CredentialSource.RamRole : null);

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
            ?? ((keys || secret) && !GoesWith(WithKeys, Chosen) ? CredentialSource.Keys
            : ramRole && !GoesWith(Parts[0].Sources, Chosen) ? CredentialSource.RamRole
            : null);
        if (next is not { } chosen) return;

        Source = source;
        if (!GoesWith(WithKeys, chosen)) (AccessKey, SecretKey, SecretName, SecretVault, Credential, SecurityToken) = (null, null, null, null, null, null);
        foreach (Part part in Parts.Where(part => !GoesWith(part.Sources, chosen))) Options = part.Without(Options);
    }

    /// <summary>Refuses settings that do not go together.</summary>
    /// <exception cref="InvalidSettingException">The message names both.</exception>
    internal void Check()
    {
        if (string.IsNullOrEmpty(UserName) != Password is null) throw new InvalidSettingException($"A user and a password need each other: the {(Password is null ? "password" : "user")} is missing.", nameof(Credential));
        if (SecretVault is not null && SecretName is null) throw new InvalidSettingException("-SecretVault needs -SecretName with it.", nameof(SecretVault), SecretVault);
        if (SecretName is not null && (Credential is not null || !string.IsNullOrEmpty(AccessKey) || SecretKey is { Length: > 0 })) throw new InvalidSettingException("-SecretName and keys exclude each other: the secret holds both keys.", nameof(SecretName), SecretName);
        if (SecurityToken is not null && !HasKeys) throw new InvalidSettingException("-SecurityToken needs -AccessKey and -SecretKey with it.", nameof(SecurityToken));
        if (Source == CredentialSource.Keys && !HasKeys) throw new InvalidSettingException("-CredentialSource Keys needs -AccessKey and -SecretKey, -Credential or -SecretName.", "CredentialSource", Source);

        if (HasKeys) Allow(WithKeys, Credential is not null ? nameof(Credential) : SecretName is not null ? nameof(SecretName) : nameof(AccessKey));
        foreach (Part part in Parts.Where(part => part.Value(Options) is not null)) Allow(part.Sources, part.Parameter);

        string[] callers = [.. new[] { HasKeys ? "the keys" : "", Options.RamRoleName is null ? "" : "-RamRoleName", Options.ProfileName is null ? "" : "-CliProfileName" }.Where(text => text.Length > 0)];
        if (Chosen == CredentialSource.AssumeRole && callers.Length > 1)
            throw new InvalidSettingException($"{string.Join(" and ", callers)} exclude each other: one of them assumes the role.", nameof(Options.RoleArn), Options.RoleArn);
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

        CredentialSourceOptions options = Options with { Credential = ToCredential(), CaCertificatePath = caCertificatePath, Proxy = proxy, Log = log };
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

    private static bool GoesWith(CredentialSource[] sources, CredentialSource? source) => source is { } chosen && sources.Contains(chosen);

    // The engine speaks of its options; here they are parameters, most of the same name.
    private static string ParameterOf(string message)
    {
        if (message.StartsWith("The STS endpoint", StringComparison.Ordinal)) return nameof(Options.StsEndpoint);
        if (message.StartsWith("The metadata endpoint", StringComparison.Ordinal)) return nameof(Options.MetadataEndpoint);
        if (message.StartsWith("The CA certificate file", StringComparison.Ordinal)) return "CaCertificatePath";
        if (message.StartsWith("The proxy", StringComparison.Ordinal)) return "Proxy";
        return new[] { nameof(Options.RoleArn), nameof(Options.RoleSessionName), nameof(Options.OidcProviderArn) }.FirstOrDefault(name => message.StartsWith(name, StringComparison.Ordinal)) ?? "CredentialSource";
    }

    private void Allow(CredentialSource[] sources, string parameter)
    {
        if (NoAuth || GoesWith(sources, Chosen)) return;

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
        if (accessKey.Length == 0 || secretKey.Length == 0) throw new InvalidSettingException("The access key ID and the secret key cannot be empty.", nameof(Credential));

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

    /// <summary>A parameter that only some sources have a use for.</summary>
    private sealed record Part(string Parameter, Func<CredentialSourceOptions, string?> Value, Func<CredentialSourceOptions, CredentialSourceOptions> Without, CredentialSource[] Sources);
}
