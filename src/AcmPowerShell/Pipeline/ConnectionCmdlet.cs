using System.Management.Automation;
using System.Security;

namespace AcmPowerShell;

/// <summary>A command that takes the settings of a connection. Its parameters are in every parameter set; what names the server, the keys and what no profile keeps is the command's own.</summary>
public abstract class ConnectionCmdlet : AsyncCmdlet
{
    private static readonly string[] OfCredentials =
    [
        nameof(CredentialSettings.Credential), nameof(CredentialSettings.AccessKey), nameof(CredentialSettings.SecretKey), nameof(SecretName), nameof(RamRoleName), nameof(CredentialSource),
    ];

    private bool _asksForNoSnapshot;

    /// <summary>STS token of temporary credentials.</summary>
    [Parameter]
    public SecureString? SecurityToken { get; set; }

    /// <summary>Where the credentials come from; by default the keys where some are given, the ECS role where -RamRoleName is, else none.</summary>
    [Parameter, PSDefaultValue(Help = "Keys with keys, RamRole with -RamRoleName, otherwise none")]
    public CredentialSource CredentialSource { get; set; }

    /// <summary>Secret of SecretManagement that holds the keys.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? SecretName { get; set; }

    /// <summary>Vault that -SecretName is in.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? SecretVault { get; set; }

    /// <summary>RAM role of the ECS instance; without it the one that the instance has.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? RamRoleName { get; set; }

    /// <summary>Role to assume, as <c>acs:ram::ACCOUNT:role/NAME</c>.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? RoleArn { get; set; }

    /// <summary>Name of the session in the vendor's audit log.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? RoleSessionName { get; set; }

    /// <summary>OIDC provider that the role trusts, as <c>acs:ram::ACCOUNT:oidc-provider/NAME</c>.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? OidcProviderArn { get; set; }

    /// <summary>File with the OIDC token, read at each refresh.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? OidcTokenFile { get; set; }

    /// <summary>Audience of the token that GitHub Actions is asked for.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? OidcAudience { get; set; }

    /// <summary>Profile of the Alibaba Cloud CLI; without it the CLI's current one.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? CliProfileName { get; set; }

    /// <summary>STS to ask instead of the vendor's central one.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? StsEndpoint { get; set; }

    /// <summary>Metadata service to ask instead of the one of ECS.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? MetadataEndpoint { get; set; }

    /// <summary>Encrypt and decrypt configurations whose data id begins with <c>cipher-</c>, with Alibaba Cloud KMS.</summary>
    [Parameter]
    public SwitchParameter UseKms { get; set; }

    /// <summary>Region of KMS, such as cn-hangzhou.</summary>
    [Parameter, ValidateNotNullOrEmpty, ArgumentCompleter(typeof(RegionCompleter))]
    public string? KmsRegionId { get; set; }

    /// <summary>Key that encrypts: an id, an ARN or alias/NAME; by default alias/acs/acm.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? KmsKeyId { get; set; }

    /// <summary>Access key id for KMS; by default the connection's credentials.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? KmsAccessKey { get; set; }

    /// <summary>Secret key for KMS.</summary>
    [Parameter, ValidateNotNull]
    public SecureString? KmsSecretKey { get; set; }

    /// <summary>KMS to ask instead of the region's public endpoint.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? KmsEndpoint { get; set; }

    /// <summary>Unit whose server list the address server is asked for.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? UnitName { get; set; }

    /// <summary>Time limit of a try, in seconds: 0.001 to 600, by default 3.</summary>
    [Parameter, ValidateRange(0.001, 600.0)]
    public double TimeoutSec { get; set; }

    /// <summary>Time limit of a call with all its tries, in seconds: 0.001 to 3600, by default the larger of four tries and 10, or 30 for Nacos.</summary>
    [Parameter, ValidateRange(0.001, 3600.0)]
    public double TotalTimeoutSec { get; set; }

    /// <summary>Speak TLS to the data servers. An https endpoint has the address server asked over TLS as well.</summary>
    [Parameter]
    public SwitchParameter UseTls { get; set; }

    /// <summary>A further name that the servers' certificates may be made out to.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? TlsServerName { get; set; }

    /// <summary>File with the CA certificates to trust instead of the system's.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? CaCertificatePath { get; set; }

    /// <summary>Disables certificate validation. Anyone on the network path can read and alter traffic.</summary>
    [Parameter]
    public SwitchParameter SkipCertificateCheck { get; set; }

    /// <summary>Proxy that requests go through, as http://host:port; by default the one that the environment or the system names. A server on this machine is reached without one.</summary>
    [Parameter, ValidateNotNull]
    public Uri? Proxy { get; set; }

    /// <summary>User and password that the proxy asks for.</summary>
    [Parameter, ValidateNotNull, Credential]
    public PSCredential? ProxyCredential { get; set; }

    /// <summary>Use no proxy, whatever the environment says.</summary>
    [Parameter]
    public SwitchParameter NoProxy { get; set; }

    /// <summary>Neither sign requests nor log in, although there are credentials.</summary>
    [Parameter]
    public SwitchParameter NoAuth { get; set; }

    /// <summary>Region that the key is derived for which signs requests to a managed Nacos (MSE), such as cn-hangzhou; by default the secret key itself signs.</summary>
    [Parameter, ValidateNotNullOrEmpty, ArgumentCompleter(typeof(RegionCompleter))]
    public string? SignatureRegion { get; set; }

    /// <summary>Name of the header by which Nacos servers trust each other. It takes the place of a login.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? IdentityKey { get; set; }

    /// <summary>Value of that header, a secret.</summary>
    [Parameter, ValidateNotNull]
    public SecureString? IdentityValue { get; set; }

    /// <summary>Which kind of server it is; by default ACM for an endpoint, and found out for -Server.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public virtual ServerType ServerType { get; set; }

    /// <summary>Take the endpoint as the servers themselves.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public virtual SwitchParameter Direct { get; set; }

    /// <summary>Time that a long poll asks to be held, in seconds: 10 to 600, by default 30.</summary>
    [Parameter, ValidateRange(10, 600)]
    public int LongPollTimeoutSec { get; set; }

    /// <summary>Keys in one long poll: 1 to 10,000, by default 3,000.</summary>
    [Parameter, ValidateRange(1, 10_000)]
    public int LongPollBatchSize { get; set; }

    /// <summary>Port on which Nacos servers push changes over gRPC; by default the server's own port plus 1000.</summary>
    [Parameter, ValidateRange(1, 65_535)]
    public int GrpcPort { get; set; }

    /// <summary>Callbacks of watchers that may run at once: 1 to 1,000, by default 10.</summary>
    [Parameter, ValidateRange(1, 1000)]
    public int CallbackConcurrency { get; set; }

    /// <summary>Folder with files that go before every server; by default one of the endpoint's own in the user's local data folder.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? FailoverPath { get; set; }

    /// <summary>Folder for the last known values; by default one of the endpoint's own in the user's local data folder.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? SnapshotPath { get; set; }

    /// <summary>Neither read nor write snapshots. A piped server with its data in memory sets it, unless -SnapshotPath is given.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public virtual SwitchParameter NoSnapshot { get; set; }

    /// <summary>Name given to the servers: at most 128 characters, by default <c>Acm</c>.</summary>
    [Parameter, ValidateLength(1, 128)]
    public string AppName { get; set; } = "";

    /// <summary>Allow any Unicode letter and digit in data ids and groups.</summary>
    [Parameter]
    public SwitchParameter AllowUnicodeName { get; set; }

    /// <summary>Allow the euro sign in content, which Java servers and clients read as something else.</summary>
    [Parameter]
    public SwitchParameter AllowEuroSign { get; set; }

    /// <summary>File that gets the lines of -Verbose and -Debug of every call; added to where it exists.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? TracePath { get; set; }

    private protected override void Prepare()
    {
        // What is bound by now is from the command line.
        _asksForNoSnapshot = NoSnapshot;
        if (GivesIdentity && OfCredentials.FirstOrDefault(IsGiven) is { } given)
            ThrowTerminatingError(AcmErrors.InvalidParameter($"-IdentityKey and -{given} exclude each other: the identity takes the place of a login.", nameof(IdentityKey)));
    }

    /// <summary>Whether keys were given.</summary>
    private protected bool GivesKeys =>
        IsGiven(nameof(CredentialSettings.AccessKey)) || IsGiven(nameof(CredentialSettings.SecretKey)) || IsGiven(nameof(CredentialSettings.Credential));

    /// <summary>Whether it was given who asks: a profile that says to ask anonymously does no longer.</summary>
    private protected bool GivesProof => GivesIdentity || OfCredentials.Any(IsGiven);

    private bool GivesIdentity => IsGiven(nameof(IdentityKey)) || IsGiven(nameof(IdentityValue));

    /// <summary>Whether a parameter was given, be it as its default.</summary>
    private protected bool IsGiven(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    /// <summary>
    /// Carries over what was given, and leaves the rest as it is, but for credentials that what was given takes the place of. The keys, which each command takes
    /// in sets of its own, are for it to carry over afterwards.
    /// </summary>
    private protected void ApplyTo(ConnectionSettings settings)
    {
        if (IsGiven(nameof(CredentialSettings.Credential)) && (IsGiven(nameof(CredentialSettings.AccessKey)) || IsGiven(nameof(CredentialSettings.SecretKey))))
            ThrowTerminatingError(AcmErrors.InvalidParameter("-Credential excludes -AccessKey and -SecretKey: it holds both keys.", nameof(CredentialSettings.Credential)));

        settings.MakeRoom(IsGiven(nameof(CredentialSource)) ? CredentialSource : null, GivesKeys, IsGiven(nameof(SecretName)), IsGiven(nameof(RamRoleName)));
        if (GivesProof) settings.Credentials.NoAuth = false;
        foreach (ConnectionOption option in ConnectionOptions.All)
            if (!option.IsBoundApart && IsGiven(option.Parameter)) option.Bind(this, settings, FileSystemPath);

        ApplyProxyTo(settings.Proxy);
        if (IsGiven(nameof(NoSnapshot))) settings.Options = settings.Options with { NoSnapshot = _asksForNoSnapshot || (NoSnapshot && SnapshotPath is null) };
    }

    private void ApplyProxyTo(ProxySettings settings)
    {
        if (NoProxy && (Proxy is not null || ProxyCredential is not null))
            ThrowTerminatingError(AcmErrors.InvalidParameter("-NoProxy excludes -Proxy and -ProxyCredential.", nameof(NoProxy)));

        if (IsGiven(nameof(NoProxy)))
        {
            if (NoProxy) settings.Disable();
            else settings.NoProxy = false;
        }

        if (Proxy is not null) settings.Use(Proxy);
        if (ProxyCredential is not null) settings.Use(ProxyCredential);
    }

    private protected string FileSystemPath(string path)
    {
        string resolved = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
        if (provider.Name != "FileSystem") ThrowTerminatingError(AcmErrors.InvalidParameter($"'{path}' is not in the file system.", "Path", path));
        return resolved;
    }
}
