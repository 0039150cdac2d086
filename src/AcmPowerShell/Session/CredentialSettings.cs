using System.Management.Automation;
using System.Net;
using System.Security;
using Acm.Client;
using Acm.Client.Credentials;

namespace AcmPowerShell;

/// <summary>The credentials of a connection, named as the parameters of Connect-Acm.</summary>
internal sealed class CredentialSettings
{
    private static readonly CredentialSource[] WithKeys = [CredentialSource.Keys, CredentialSource.AssumeRole];

    /// <summary>The parameters that only some sources use.</summary>
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

    /// <summary>Gets or sets the source. Null selects the keys if they are specified, the ECS role if its name is, and otherwise none.</summary>
    internal CredentialSource? Source { get; set; }

    /// <summary>Gets or sets the access key ID.</summary>
    internal string? AccessKey { get; set; }

    /// <summary>Gets or sets the secret key.</summary>
    internal SecureString? SecretKey { get; set; }

    /// <summary>Gets or sets the user name for the login. For ACM, the access key ID.</summary>
    internal string? UserName { get; set; }

    /// <summary>Gets or sets the password for the login. For ACM, the secret key.</summary>
    internal SecureString? Password { get; set; }

    /// <summary>Gets or sets user name and password as a credential. It takes precedence over the keys.</summary>
    internal PSCredential? Credential
    {
        get => string.IsNullOrEmpty(UserName) || Password is null ? null : new PSCredential(UserName, Password);
        set => (UserName, Password) = (value?.UserName, value?.Password);
    }

    /// <summary>Gets or sets the STS token of temporary credentials.</summary>
    internal SecureString? SecurityToken { get; set; }

    /// <summary>Gets or sets the SecretManagement vault of <see cref="SecretName"/>. Null for any vault.</summary>
    internal string? SecretVault { get; set; }

    /// <summary>Gets or sets the name of the SecretManagement secret that holds the keys, or null.</summary>
    internal string? SecretName { get; set; }

    /// <summary>Gets or sets the options of the source. The keys, the proxy and the CA certificates are added when the source is created.</summary>
    internal CredentialSourceOptions Options { get; set; } = new();

    /// <summary>Gets or sets whether to send requests without a signature or login, even if credentials are available.</summary>
    internal bool NoAuth { get; set; }

    private bool HasKeys => Credential is not null || !string.IsNullOrEmpty(AccessKey) || SecretKey is { Length: > 0 } || SecretName is not null;

    /// <summary>Gets whether the credentials are access keys, which sign requests, and not a user name and password.</summary>
    internal bool AreAccessKeys => Chosen is not (null or CredentialSource.Keys) || SecurityToken is not null || (Credential is null && !string.IsNullOrEmpty(AccessKey));

    /// <summary>Gets the source in effect. Null if requests are not signed.</summary>
    internal CredentialSource? Chosen => Source ?? (HasKeys ? CredentialSource.Keys : Options.RamRoleName is not null ? CredentialSource.RamRole : null);

    /// <summary>Removes the keys and options that conflict with newly specified credentials.</summary>
    /// <param name="source">The specified source, or null.</param>
    /// <param name="keys">Whether keys are specified.</param>
    /// <param name="secret">Whether a SecretManagement secret is specified.</param>
    /// <param name="ramRole">Whether the name of an ECS role is specified.</param>
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

    /// <summary>Validates the combination of the settings.</summary>
    /// <exception cref="InvalidSettingException">Two settings conflict; the message names both.</exception>
    internal void Check()
    {
        if (string.IsNullOrEmpty(UserName) != Password is null) throw new InvalidSettingException($"The {(Password is null ? "password" : "user name")} is missing. A user name and a password must be specified together.", nameof(Credential));
        if (SecretVault is not null && SecretName is null) throw new InvalidSettingException("-SecretVault needs -SecretName with it.", nameof(SecretVault), SecretVault);
        if (SecretName is not null && (Credential is not null || !string.IsNullOrEmpty(AccessKey) || SecretKey is { Length: > 0 })) throw new InvalidSettingException("-SecretName and keys cannot be combined: the secret holds both keys.", nameof(SecretName), SecretName);
        if (SecurityToken is not null && !HasKeys) throw new InvalidSettingException("-SecurityToken needs -AccessKey and -SecretKey with it.", nameof(SecurityToken));
        if (Source == CredentialSource.Keys && !HasKeys) throw new InvalidSettingException("-CredentialSource Keys needs -AccessKey and -SecretKey, -Credential or -SecretName.", "CredentialSource", Source);

        if (HasKeys) Allow(WithKeys, Credential is not null ? nameof(Credential) : SecretName is not null ? nameof(SecretName) : nameof(AccessKey));
        foreach (Part part in Parts.Where(part => part.Value(Options) is not null)) Allow(part.Sources, part.Parameter);

        string[] callers = [.. new[] { HasKeys ? "the keys" : "", Options.RamRoleName is null ? "" : "-RamRoleName", Options.ProfileName is null ? "" : "-CliProfileName" }.Where(text => text.Length > 0)];
        if (Chosen == CredentialSource.AssumeRole && callers.Length > 1)
            throw new InvalidSettingException($"{string.Join(" and ", callers)} cannot be combined: one of them assumes the role.", nameof(Options.RoleArn), Options.RoleArn);
    }

    /// <summary>Creates the credential source, or returns null if requests are not signed. Does no I/O.</summary>
    /// <param name="caCertificatePath">A file with CA certificates that are also trusted for STS, or null.</param>
    /// <param name="proxy">The proxy, or null for that of the environment.</param>
    /// <param name="log">The log for refreshes, or null.</param>
    /// <exception cref="InvalidSettingException">A setting is missing or not valid.</exception>
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

    // Maps an error of the engine to the parameter that set the option.
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
        throw new InvalidSettingException($"-{parameter} requires -CredentialSource {needs}.", parameter);
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

    /// <summary>A parameter that only some sources use.</summary>
    private sealed record Part(string Parameter, Func<CredentialSourceOptions, string?> Value, Func<CredentialSourceOptions, CredentialSourceOptions> Without, CredentialSource[] Sources);
}
