using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Net;
using System.Security;
using System.Security.Cryptography.X509Certificates;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Makes a connection and has this runspace use it. Sends nothing: Test-AcmConnection is what tests.</summary>
[Cmdlet(VerbsCommunications.Connect, "Acm", DefaultParameterSetName = KeySet)]
[OutputType(typeof(AcmSession))]
public sealed class ConnectAcmCommand : PSCmdlet
{
    private const string KeySet = "Key";
    private const string CredentialSet = "Credential";

    private bool _asksForNoSnapshot;

    /// <summary>Address server as host, host:port or URI; with -Direct the servers themselves, one or several.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string[] Endpoint { get; set; } = [];

    /// <summary>Namespace id; blank, <c>public</c> and <c>[default]</c> are the blank namespace. Never bound from the pipeline.</summary>
    [Parameter(Position = 1)]
    [AllowEmptyString]
    public string Namespace { get; set; } = "";

    /// <summary>Access key id.</summary>
    [Parameter(ParameterSetName = KeySet, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    public string? AccessKey { get; set; }

    /// <summary>Secret key.</summary>
    [Parameter(ParameterSetName = KeySet, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    public SecureString? SecretKey { get; set; }

    /// <summary>Access key id and secret key as user name and password.</summary>
    [Parameter(Mandatory = true, ParameterSetName = CredentialSet)]
    [ValidateNotNull]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>STS token of temporary credentials.</summary>
    [Parameter]
    public SecureString? SecurityToken { get; set; }

    /// <summary>Unit whose server list the address server is asked for.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? UnitName { get; set; }

    /// <summary>Time limit of a try, in seconds: 0.001 to 600, by default 3.</summary>
    [Parameter]
    [ValidateRange(0.001, 600.0)]
    public double TimeoutSec { get; set; } = 3;

    /// <summary>Time limit of a call with all its tries, in seconds: 0.001 to 3600, by default the larger of 10 and four tries.</summary>
    [Parameter]
    [ValidateRange(0.001, 3600.0)]
    public double TotalTimeoutSec { get; set; }

    /// <summary>Speak TLS to the data servers. An https endpoint has the address server asked over TLS as well.</summary>
    [Parameter]
    public SwitchParameter UseTls { get; set; }

    /// <summary>A further name that the servers' certificates may be made out to.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? TlsServerName { get; set; }

    /// <summary>File with the CA certificates to trust instead of the system's.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CaCertificatePath { get; set; }

    /// <summary>Certificate with private key to show to the servers.</summary>
    [Parameter]
    [ValidateNotNull]
    public X509Certificate2? ClientCertificate { get; set; }

    /// <summary>Take any TLS certificate: whoever is on the way can read and change everything.</summary>
    [Parameter]
    public SwitchParameter SkipCertificateCheck { get; set; }

    /// <summary>Sign no request, although there are credentials.</summary>
    [Parameter]
    public SwitchParameter NoAuth { get; set; }

    /// <summary>Take the endpoint as the servers themselves.</summary>
    [Parameter]
    public SwitchParameter Direct { get; set; }

    /// <summary>Time that a long poll asks to be held, in seconds: 10 to 600, by default 30.</summary>
    [Parameter]
    [ValidateRange(10, 600)]
    public int LongPollTimeoutSec { get; set; } = 30;

    /// <summary>Keys in one long poll: 1 to 10,000, by default 3,000.</summary>
    [Parameter]
    [ValidateRange(1, 10_000)]
    public int LongPollBatchSize { get; set; } = 3000;

    /// <summary>Callbacks of watchers that may run at once: 1 to 1,000, by default 10.</summary>
    [Parameter]
    [ValidateRange(1, 1000)]
    public int CallbackConcurrency { get; set; } = 10;

    /// <summary>Folder with files that go before every server; by default one of the endpoint's own in the user's local data folder.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? FailoverPath { get; set; }

    /// <summary>Folder for the last known values; by default one of the endpoint's own in the user's local data folder.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SnapshotPath { get; set; }

    /// <summary>Neither read nor write snapshots. A piped server with its data in memory sets it, unless -SnapshotPath is given.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public SwitchParameter NoSnapshot { get; set; }

    /// <summary>Name given to the servers: at most 128 characters, by default <c>Acm</c>.</summary>
    [Parameter]
    [ValidateLength(1, 128)]
    public string AppName { get; set; } = "Acm";

    /// <summary>Allow any Unicode letter and digit in data ids and groups.</summary>
    [Parameter]
    public SwitchParameter AllowUnicodeName { get; set; }

    /// <summary>Allow the euro sign in content, which Java servers and clients read as something else.</summary>
    [Parameter]
    public SwitchParameter AllowEuroSign { get; set; }

    /// <summary>File that gets the lines of -Verbose and -Debug of every call; added to where it exists.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? TracePath { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() =>
        // What is bound by now is from the command line.
        _asksForNoSnapshot = NoSnapshot;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!Direct && (Endpoint.Length > 1 || Endpoint[0].IndexOf(',') >= 0))
            Refuse("-Direct takes several servers. Without it the endpoint is one address server.", nameof(Endpoint), Endpoint);

        AcmClientOptions options = ToOptions(NoAuth ? null : ToCredential());
        TraceFile? trace = TracePath is null ? null : OpenTrace(FileSystemPath(TracePath));
        AcmClient client;
        try
        {
            client = new AcmClient(options with { Log = trace });
        }
        catch (Exception e) when (e is ArgumentException or AcmException)
        {
            trace?.Dispose();
            RefuseOptions(e);
            return;
        }

        if (SkipCertificateCheck)
            WriteWarning("TLS certificates are not checked: whoever is on the way to the server can read and change everything. -CaCertificatePath trusts a CA of your own.");

        var session = new AcmSession(client, trace);
        RunspaceHoldings.Of(Runspace.DefaultRunspace).Enter(session);
        WriteObject(session);
    }

    // The engine speaks of its options; here they are parameters.
    private void RefuseOptions(Exception error)
    {
        if (error is AcmException { Kind: AcmErrorKind.InvalidKey })
        {
            ThrowTerminatingError(AcmErrors.InvalidParameter(error.Message, nameof(Namespace), Namespace, error));
            return;
        }

        string? option = (error as ArgumentException)?.ParamName;
        string message = AcmErrors.WithoutParameter(error);
        string parameter = option is not (null or "options") && MyInvocation.MyCommand.Parameters.ContainsKey(option!) ? option!
            : message.StartsWith(nameof(AppName), StringComparison.Ordinal) ? nameof(AppName)
            : nameof(Endpoint);
        ThrowTerminatingError(AcmErrors.InvalidParameter(message, parameter, parameter == nameof(Endpoint) ? Endpoint : null, error));
    }

    private AcmClientOptions ToOptions(AcmCredential? credential)
    {
        string endpoint = string.Join(",", Endpoint);
        return new AcmClientOptions
        {
            Endpoint = endpoint,
            Namespace = Namespace,
            Credential = credential,
            UnitName = UnitName,
            Direct = Direct,
            TryTimeout = TimeSpan.FromSeconds(TimeoutSec),
            TotalTimeout = MyInvocation.BoundParameters.ContainsKey(nameof(TotalTimeoutSec)) ? TimeSpan.FromSeconds(TotalTimeoutSec) : null,
            UseTls = UseTls,
            TlsServerName = TlsServerName,
            CaCertificatePath = CaCertificatePath is null ? null : ExistingFile(CaCertificatePath),
            ClientCertificate = ClientCertificate,
            SkipCertificateCheck = SkipCertificateCheck,
            LongPollTimeout = TimeSpan.FromSeconds(LongPollTimeoutSec),
            LongPollBatchSize = LongPollBatchSize,
            CallbackConcurrency = CallbackConcurrency,
            FailoverPath = FailoverPath is null ? LocalFolders.Of(endpoint, "failover") : FileSystemPath(FailoverPath),
            SnapshotPath = SnapshotPath is null ? LocalFolders.Of(endpoint, "snapshot") : FileSystemPath(SnapshotPath),
            NoSnapshot = _asksForNoSnapshot || (NoSnapshot && SnapshotPath is null),
            AppName = AppName,
            AllowUnicodeName = AllowUnicodeName,
            AllowEuroSign = AllowEuroSign,
        };
    }

    private AcmCredential? ToCredential()
    {
        if (Credential is not null) return MakeCredential(Credential.UserName, Credential.Password);

        bool hasSecret = SecretKey is { Length: > 0 };
        if (string.IsNullOrEmpty(AccessKey) && !hasSecret)
        {
            if (SecurityToken is not null) Refuse("-SecurityToken needs -AccessKey and -SecretKey with it.", nameof(SecurityToken));
            return null;
        }

        if (string.IsNullOrEmpty(AccessKey)) Refuse("-SecretKey needs -AccessKey with it.", nameof(AccessKey));
        if (!hasSecret) Refuse("-AccessKey needs -SecretKey with it.", nameof(SecretKey));
        return MakeCredential(AccessKey!, SecretKey!);
    }

    private AcmCredential MakeCredential(string accessKey, SecureString secretKey)
    {
        if (accessKey.Length == 0 || secretKey.Length == 0) Refuse("The access key id and the secret key can't be empty.", nameof(Credential));
        return new AcmCredential(accessKey, Plain(secretKey), SecurityToken is null ? null : Plain(SecurityToken));
    }

    private TraceFile OpenTrace(string path)
    {
        try
        {
            return new TraceFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ThrowTerminatingError(AcmErrors.InvalidParameter($"The trace file '{path}' can't be opened: {e.Message}", nameof(TracePath), path, e));
            throw;
        }
    }

    private string FileSystemPath(string path)
    {
        string resolved = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
        if (provider.Name != "FileSystem") Refuse($"'{path}' is not in the file system.", "Path", path);
        return resolved;
    }

    private string ExistingFile(string path)
    {
        string resolved = FileSystemPath(path);
        if (!File.Exists(resolved)) Refuse($"There is no file '{resolved}'.", nameof(CaCertificatePath), path);
        return resolved;
    }

    private void Refuse(string message, string parameter, object? value = null) =>
        ThrowTerminatingError(AcmErrors.InvalidParameter(message, parameter, value));

    private static string Plain(SecureString secret) => new NetworkCredential("", secret).Password;
}
