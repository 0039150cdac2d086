using System.Management.Automation;
using System.Security;

namespace AcmPowerShell;

/// <summary>Base class of the commands that take connection settings. Its parameters belong to every parameter set; each command declares those for the server and the keys.</summary>
public abstract class ConnectionCmdlet : AsyncCmdlet
{
    private static readonly string[] CredentialParameters =
    [
        nameof(CredentialSettings.Credential), nameof(CredentialSettings.AccessKey), nameof(CredentialSettings.SecretKey), nameof(SecretName), nameof(RamRoleName), nameof(CredentialSource),
    ];

    private bool _asksForNoSnapshot;

    /// <summary>STS token of temporary credentials.</summary>
    [Parameter]
    public SecureString? SecurityToken { get; set; }

    /// <summary>Source of the credentials. Defaults to Keys if keys are specified, RamRole if -RamRoleName is, and otherwise None.</summary>
    [Parameter, PSDefaultValue(Help = "Keys with keys, RamRole with -RamRoleName, otherwise none")]
    public CredentialSource CredentialSource { get; set; }

    /// <summary>Name of the SecretManagement secret that holds the keys.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? SecretName { get; set; }

    /// <summary>Vault that contains the secret of -SecretName.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? SecretVault { get; set; }

    /// <summary>RAM role of the ECS instance. Defaults to the role that is attached to the instance.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? RamRoleName { get; set; }

    /// <summary>Role to assume, as <c>acs:ram::ACCOUNT:role/NAME</c>.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? RoleArn { get; set; }

    /// <summary>Name of the role session in the audit log of Alibaba Cloud.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? RoleSessionName { get; set; }

    /// <summary>OIDC provider that the role trusts, as <c>acs:ram::ACCOUNT:oidc-provider/NAME</c>.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? OidcProviderArn { get; set; }

    /// <summary>File with the OIDC token. It is read at each refresh.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? OidcTokenFile { get; set; }

    /// <summary>Audience to request for the token of GitHub Actions.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? OidcAudience { get; set; }

    /// <summary>Profile of the Alibaba Cloud CLI. Defaults to the current profile of the CLI.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? CliProfileName { get; set; }

    /// <summary>STS endpoint to use instead of the central one.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? StsEndpoint { get; set; }

    /// <summary>Metadata service to use instead of that of ECS.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? MetadataEndpoint { get; set; }

    /// <summary>Encrypt and decrypt configurations whose data ID starts with <c>cipher-</c>, with Alibaba Cloud KMS.</summary>
    [Parameter]
    public SwitchParameter UseKms { get; set; }

    /// <summary>Region of KMS, such as cn-hangzhou.</summary>
    [Parameter, ValidateNotNullOrEmpty, ArgumentCompleter(typeof(RegionCompleter))]
    public string? KmsRegionId { get; set; }

    /// <summary>Encryption key: an ID, an ARN or alias/NAME. Defaults to alias/acs/acm.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? KmsKeyId { get; set; }

    /// <summary>Access key ID for KMS. Defaults to the connection's credentials.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? KmsAccessKey { get; set; }

    /// <summary>Secret key for KMS.</summary>
    [Parameter, ValidateNotNull]
    public SecureString? KmsSecretKey { get; set; }

    /// <summary>KMS endpoint to use instead of the region's public one.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? KmsEndpoint { get; set; }

    /// <summary>Unit whose server list is requested from the address server.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? UnitName { get; set; }

    /// <summary>Time limit for each attempt, in seconds: 0.001 to 600. Defaults to 3.</summary>
    [Parameter, ValidateRange(0.001, 600.0)]
    public double TimeoutSec { get; set; }

    /// <summary>Time limit for a call with all its retries, in seconds: 0.001 to 3600. Defaults to four attempts, and at least 10, or 30 for Nacos.</summary>
    [Parameter, ValidateRange(0.001, 3600.0)]
    public double TotalTimeoutSec { get; set; }

    /// <summary>Connect to the data servers over TLS. For an https endpoint, the address server is also reached over TLS.</summary>
    [Parameter]
    public SwitchParameter UseTls { get; set; }

    /// <summary>An additional host name to accept in the servers' certificates.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? TlsServerName { get; set; }

    /// <summary>File with the CA certificates to trust instead of those of the system.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? CaCertificatePath { get; set; }

    /// <summary>Disables certificate validation. Anyone on the network path can read and alter traffic.</summary>
    [Parameter]
    public SwitchParameter SkipCertificateCheck { get; set; }

    /// <summary>Proxy for requests, as http://host:port. Defaults to the proxy of the environment or the system. Local servers are reached without a proxy.</summary>
    [Parameter, ValidateNotNull]
    public Uri? Proxy { get; set; }

    /// <summary>User name and password for the proxy.</summary>
    [Parameter, ValidateNotNull, Credential]
    public PSCredential? ProxyCredential { get; set; }

    /// <summary>Do not use a proxy, even if the environment specifies one.</summary>
    [Parameter]
    public SwitchParameter NoProxy { get; set; }

    /// <summary>Send requests without a signature or login, even if credentials are available.</summary>
    [Parameter]
    public SwitchParameter NoAuth { get; set; }

    /// <summary>Region to derive the signing key for, such as cn-hangzhou, for a managed Nacos (MSE). By default, requests are signed with the secret key itself.</summary>
    [Parameter, ValidateNotNullOrEmpty, ArgumentCompleter(typeof(RegionCompleter))]
    public string? SignatureRegion { get; set; }

    /// <summary>Name of the header by which Nacos servers identify each other. Used instead of a login.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? IdentityKey { get; set; }

    /// <summary>Value of the -IdentityKey header. Treated as a secret.</summary>
    [Parameter, ValidateNotNull]
    public SecureString? IdentityValue { get; set; }

    /// <summary>Kind of server. Defaults to Acm for an endpoint; with -Server it is detected.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public virtual ServerType ServerType { get; set; }

    /// <summary>Treat the endpoint as a data server, not as an address server.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public virtual SwitchParameter Direct { get; set; }

    /// <summary>Duration of a long poll, in seconds: 10 to 600. Defaults to 30.</summary>
    [Parameter, ValidateRange(10, 600)]
    public int LongPollTimeoutSec { get; set; }

    /// <summary>Maximum number of keys in one long poll: 1 to 10,000. Defaults to 3,000.</summary>
    [Parameter, ValidateRange(1, 10_000)]
    public int LongPollBatchSize { get; set; }

    /// <summary>Port on which Nacos servers push changes over gRPC. Defaults to the server's port plus 1000.</summary>
    [Parameter, ValidateRange(1, 65_535)]
    public int GrpcPort { get; set; }

    /// <summary>Maximum number of watcher callbacks that run at the same time: 1 to 1,000. Defaults to 10.</summary>
    [Parameter, ValidateRange(1, 1000)]
    public int CallbackConcurrency { get; set; }

    /// <summary>Folder with failover files, which take precedence over the servers. Defaults to a folder for the endpoint in the user's local data folder.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? FailoverPath { get; set; }

    /// <summary>Folder for snapshots. Defaults to a folder for the endpoint in the user's local data folder.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? SnapshotPath { get; set; }

    /// <summary>Do not read or write snapshots. Set by a piped server that keeps its data in memory, unless -SnapshotPath is specified.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public virtual SwitchParameter NoSnapshot { get; set; }

    /// <summary>Application name to send to the servers: at most 128 characters. Defaults to <c>Acm</c>.</summary>
    [Parameter, ValidateLength(1, 128)]
    public string AppName { get; set; } = "";

    /// <summary>Allow all Unicode letters and digits in data IDs and groups.</summary>
    [Parameter]
    public SwitchParameter AllowUnicodeName { get; set; }

    /// <summary>Allow the euro sign in content. Java servers and clients decode its GBK byte as another character.</summary>
    [Parameter]
    public SwitchParameter AllowEuroSign { get; set; }

    /// <summary>File to append the verbose and debug lines of every call to.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? TracePath { get; set; }

    private protected override void Prepare()
    {
        // At this point only parameters of the command line are bound.
        _asksForNoSnapshot = NoSnapshot;
        if (GivesIdentity && CredentialParameters.FirstOrDefault(IsGiven) is { } given)
            ThrowTerminatingError(AcmErrors.InvalidParameter($"-IdentityKey and -{given} cannot be combined: the identity takes the place of a login.", nameof(IdentityKey)));
    }

    /// <summary>Gets whether keys were specified.</summary>
    private protected bool GivesKeys =>
        IsGiven(nameof(CredentialSettings.AccessKey)) || IsGiven(nameof(CredentialSettings.SecretKey)) || IsGiven(nameof(CredentialSettings.Credential));

    /// <summary>Gets whether credentials or an identity were specified. They override the NoAuth setting of a profile.</summary>
    private protected bool GivesProof => GivesIdentity || CredentialParameters.Any(IsGiven);

    private bool GivesIdentity => IsGiven(nameof(IdentityKey)) || IsGiven(nameof(IdentityValue));

    /// <summary>Returns whether a parameter was specified.</summary>
    private protected bool IsGiven(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    /// <summary>
    /// Applies the specified parameters to the settings. Specified credentials replace those of the settings; other settings are unchanged. The keys, whose
    /// parameters differ between the commands, are not applied.
    /// </summary>
    private protected void ApplyTo(ConnectionSettings settings)
    {
        if (IsGiven(nameof(CredentialSettings.Credential)) && (IsGiven(nameof(CredentialSettings.AccessKey)) || IsGiven(nameof(CredentialSettings.SecretKey))))
            ThrowTerminatingError(AcmErrors.InvalidParameter("-Credential cannot be combined with -AccessKey and -SecretKey: it holds both keys.", nameof(CredentialSettings.Credential)));

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
            ThrowTerminatingError(AcmErrors.InvalidParameter("-NoProxy cannot be combined with -Proxy or -ProxyCredential.", nameof(NoProxy)));

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
