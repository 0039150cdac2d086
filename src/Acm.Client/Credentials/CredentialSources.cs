using Acm.Client.Calls;

namespace Acm.Client.Credentials;

/// <summary>
/// Creates credential sources. Creating one reads only the CA certificate file and sends nothing; credentials are requested for the first signed request. The caller disposes a source
/// after the clients that use it.
/// </summary>
public static class CredentialSources
{
    /// <summary>Creates a source of fixed keys, with or without a security token.</summary>
    public static AcmCredentialSource Keys(AcmCredential credential) => new StaticCredentialSource(credential ?? throw new ArgumentNullException(nameof(credential)));

    /// <summary>Creates a source that reads <c>ALIBABA_CLOUD_ACCESS_KEY_ID</c>, <c>ALIBABA_CLOUD_ACCESS_KEY_SECRET</c> and, for temporary keys, <c>ALIBABA_CLOUD_SECURITY_TOKEN</c>.</summary>
    /// <param name="options">The options; null for the defaults.</param>
    /// <param name="clock">Source of time; null for the system clock.</param>
    /// <exception cref="ArgumentException">An option is not valid.</exception>
    public static AcmCredentialSource Environment(CredentialSourceOptions? options = null, TimeProvider? clock = null) => Make(Scope(options, clock), scope => new EnvironmentProvider(scope));

    /// <summary>Creates a source that reads a profile of the Alibaba Cloud CLI, in any mode that needs neither a browser nor a program.</summary>
    /// <inheritdoc cref="Environment"/>
    public static AcmCredentialSource CliProfile(CredentialSourceOptions? options = null, TimeProvider? clock = null) => Make(Scope(options, clock), scope => new CliProfileProvider(scope, scope.Options.ProfileName));

    /// <summary>Creates a source for the RAM role of this ECS instance.</summary>
    /// <inheritdoc cref="Environment"/>
    public static AcmCredentialSource RamRole(CredentialSourceOptions? options = null, TimeProvider? clock = null) => Make(Scope(options, clock), scope => new RamRoleProvider(scope, scope.Options.RamRoleName));

    /// <summary>Creates a source that assumes a role with the specified keys, otherwise with the role of the ECS instance or the CLI profile, otherwise with the default chain.</summary>
    /// <inheritdoc cref="Environment"/>
    public static AcmCredentialSource AssumeRole(CredentialSourceOptions? options = null, TimeProvider? clock = null) => Make(Scope(options, clock), AssumeRole);

    /// <summary>Creates a source for a role that trusts an OIDC provider: GitHub Actions, a Kubernetes service account (RRSA), or another issuer of tokens.</summary>
    /// <inheritdoc cref="Environment"/>
    public static AcmCredentialSource Oidc(CredentialSourceOptions? options = null, TimeProvider? clock = null) => Make(Scope(options, clock), Oidc);

    /// <summary>
    /// Creates the default chain: environment, OIDC, CLI profile, credentials file, ECS role (only if its name is specified, or <c>ALIBABA_CLOUD_ECS_METADATA</c> is set),
    /// credentials URI. The first one with credentials is used from then on.
    /// </summary>
    /// <inheritdoc cref="Environment"/>
    public static AcmCredentialSource Default(CredentialSourceOptions? options = null, TimeProvider? clock = null) => Make(Scope(options, clock), scope => new DefaultChain(scope));

    internal static AcmCredentialSource Make(CredentialScope scope, Func<CredentialScope, ICredentialProvider> provider, Func<double>? random = null) =>
        new RefreshingCredentialSource(provider(scope), scope.Clock, random ?? JitterSource.Next, scope.Options.Log, scope);

    internal static ICredentialProvider AssumeRole(CredentialScope scope)
    {
        CredentialSourceOptions options = scope.Options;
        ICredentialProvider caller = options switch
        {
            { Credential: { } keys } => new StaticCredentialSource(keys),
            { RamRoleName: not null } => new RamRoleProvider(scope, options.RamRoleName),
            { ProfileName: not null } => new CliProfileProvider(scope, options.ProfileName),
            _ => new DefaultChain(scope),
        };
        return new AssumeRoleProvider(scope, caller, Role(scope));
    }

    internal static ICredentialProvider Oidc(CredentialScope scope)
    {
        string provider = scope.Options.OidcProviderArn ?? scope.Variable(OidcProvider.ProviderVariable)
            ?? throw new ArgumentException($"{nameof(CredentialSourceOptions.OidcProviderArn)} is missing: specify it, or set {OidcProvider.ProviderVariable}.");
        return new OidcProvider(scope, new OidcToken(scope, scope.Options.OidcTokenFile), provider, Role(scope));
    }

    private static RoleRequest Role(CredentialScope scope)
    {
        string arn = scope.Options.RoleArn ?? scope.Variable(RoleRequest.ArnVariable)
            ?? throw new ArgumentException($"{nameof(CredentialSourceOptions.RoleArn)} is missing: specify it, or set {RoleRequest.ArnVariable}.");
        if (!RoleRequest.IsRoleArn(arn)) throw new ArgumentException($"{nameof(CredentialSourceOptions.RoleArn)} {RoleRequest.NoRoleArn(arn)}");
        if (scope.Options.RoleSessionName is { } session && !RoleRequest.IsSessionName(session)) throw new ArgumentException($"{nameof(CredentialSourceOptions.RoleSessionName)} {RoleRequest.NoSessionName(session)}");
        return new RoleRequest { RoleArn = arn, SessionName = scope.Options.RoleSessionName };
    }

    private static CredentialScope Scope(CredentialSourceOptions? options, TimeProvider? clock) => new(
        options ?? new CredentialSourceOptions(),
        clock ?? TimeProvider.System,
        JitterSource.Next,
        System.Environment.GetEnvironmentVariable,
        System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile, System.Environment.SpecialFolderOption.DoNotVerify));
}
