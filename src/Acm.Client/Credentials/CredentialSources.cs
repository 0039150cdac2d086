using Acm.Client.Calls;

namespace Acm.Client.Credentials;

/// <summary>
/// Makes credential sources. Making one neither reads nor sends anything but the CA certificate file; what it needs it asks for when the first request is to be signed. A source is
/// its maker's to dispose, after the clients that use it.
/// </summary>
public static class CredentialSources
{
    /// <summary>Keys that were given, with or without a token.</summary>
    public static AcmCredentialSource Keys(AcmCredential credential) => new StaticCredentialSource(credential ?? throw new ArgumentNullException(nameof(credential)));

    /// <summary><c>ALIBABA_CLOUD_ACCESS_KEY_ID</c>, <c>ALIBABA_CLOUD_ACCESS_KEY_SECRET</c> and, for temporary ones, <c>ALIBABA_CLOUD_SECURITY_TOKEN</c>.</summary>
    /// <param name="options">What the source has to know.</param>
    /// <param name="clock">Source of time; null for the system's.</param>
    /// <exception cref="ArgumentException">An option is not valid.</exception>
    public static AcmCredentialSource Environment(CredentialSourceOptions? options = null, TimeProvider? clock = null) => Make(Scope(options, clock), scope => new EnvironmentProvider(scope));

    /// <summary>A profile of the Alibaba Cloud CLI, in any mode that needs neither a browser nor a program.</summary>
    /// <inheritdoc cref="Environment"/>
    public static AcmCredentialSource CliProfile(CredentialSourceOptions? options = null, TimeProvider? clock = null) => Make(Scope(options, clock), scope => new CliProfileProvider(scope, scope.Options.ProfileName));

    /// <summary>The RAM role of the ECS instance that this runs on.</summary>
    /// <inheritdoc cref="Environment"/>
    public static AcmCredentialSource RamRole(CredentialSourceOptions? options = null, TimeProvider? clock = null) => Make(Scope(options, clock), scope => new RamRoleProvider(scope, scope.Options.RamRoleName));

    /// <summary>A role, assumed by the given keys, else by the role of the ECS instance or the CLI profile that is named, else by what the default chain finds.</summary>
    /// <inheritdoc cref="Environment"/>
    public static AcmCredentialSource AssumeRole(CredentialSourceOptions? options = null, TimeProvider? clock = null) => Make(Scope(options, clock), AssumeRole);

    /// <summary>A role that trusts an OIDC provider: GitHub Actions, a Kubernetes service account (RRSA), or any other that issues tokens.</summary>
    /// <inheritdoc cref="Environment"/>
    public static AcmCredentialSource Oidc(CredentialSourceOptions? options = null, TimeProvider? clock = null) => Make(Scope(options, clock), Oidc);

    /// <summary>
    /// The vendor's default order: environment, OIDC, CLI profile, credentials file, ECS role (only where its name is given, or <c>ALIBABA_CLOUD_ECS_METADATA</c> set),
    /// credentials URI. The first that yields credentials is kept.
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
            { Credential: { } keys } => new StaticProvider(keys),
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
