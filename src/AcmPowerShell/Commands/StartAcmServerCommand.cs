using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Net;
using System.Security;

namespace AcmPowerShell;

/// <summary>Starts a stand-alone server for local connections. It stops with the session unless it is detached.</summary>
[Cmdlet(VerbsLifecycle.Start, "AcmServer", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low, DefaultParameterSetName = FileSet)]
[OutputType(typeof(AcmServer))]
public sealed class StartAcmServerCommand : AsyncCmdlet
{
    private const string FileSet = "File";
    private const string MemorySet = "Memory";
    private const string SecretKeyName = "secret-key";

    private const string NacosType = "Nacos";

    // These separate names and permissions on the server's command line, and lines on its standard input.
    private static readonly char[] InvalidUserNameCharacters = ['=', ',', '\r', '\n'];

    private RunspaceResources _resources = null!;
    private string? _dataPath;

    /// <summary>Port: 0 to 65535. Defaults to 0, which selects a free port.</summary>
    [Parameter]
    [ValidateRange(0, 65_535)]
    public int Port { get; set; }

    /// <summary>gRPC port, from 0 to 65535. Defaults to the HTTP port plus 1000. Specify 0 for a free port.</summary>
    [Parameter]
    [ValidateRange(0, 65_535)]
    public int GrpcPort { get; set; }

    /// <summary>Data file. Defaults to a file in the user's local data folder.</summary>
    [Parameter(ParameterSetName = FileSet)]
    [ValidateNotNullOrEmpty]
    public string? DataPath { get; set; }

    /// <summary>Keep the data in memory only.</summary>
    [Parameter(Mandatory = true, ParameterSetName = MemorySet)]
    public SwitchParameter InMemory { get; set; }

    /// <summary>Access key ID that clients must sign requests with. Without it, requests need no signature.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? AccessKey { get; set; }

    /// <summary>Secret key for the access key.</summary>
    [Parameter]
    [ValidateNotNull]
    public SecureString? SecretKey { get; set; }

    /// <summary>Nacos API to serve in addition to ACM: 1 (1.4), 2 (2.5), 3 (3.0), 3.2 (3.2 and later) or none. Defaults to 3.</summary>
    [Parameter]
    [ValidateSet("1", "2", "3", "3.2", "none")]
    public string? NacosGeneration { get; set; }

    /// <summary>Administrators of the Nacos API. If specified, clients of this API must log in.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public PSCredential[]? Credential { get; set; }

    /// <summary>Protocol that Connect-Acm uses for the server: Acm or Nacos. Defaults to Acm. The server supports both.</summary>
    [Parameter]
    [ValidateSet("Acm", NacosType)]
    public string ServerType { get; set; } = "Acm";

    /// <summary>Keep the server running when this session ends. Pass its object to Stop-AcmServer to stop it.</summary>
    [Parameter]
    public SwitchParameter Detach { get; set; }

    private protected override void Prepare()
    {
        if (AccessKey is null != SecretKey is null)
            ThrowTerminatingError(AcmErrors.InvalidParameter("-AccessKey and -SecretKey must be specified together.", AccessKey is null ? nameof(AccessKey) : nameof(SecretKey)));

        if (SecretKey is not null && new NetworkCredential("", SecretKey).Password.IndexOfAny(['\r', '\n']) >= 0)
            ThrowTerminatingError(AcmErrors.InvalidParameter("-SecretKey contains a line break.", nameof(SecretKey)));

        CheckNacos();
        _resources = RunspaceResources.Of(Runspace.DefaultRunspace);
        _dataPath = InMemory ? null : FindDataPath();
        Progress.Activity = "Starting the server";
    }

    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        if (!await Pipeline.ShouldProcessAsync(_dataPath ?? "data in memory", "Start ACM server").ConfigureAwait(false)) return;

        (ServerProcess process, Uri address, Uri? grpcAddress) = await ServerStart.RunAsync(Arguments(), Input(), Detach, cancellationToken).ConfigureAwait(false);
        var server = new AcmServer(process, address, _dataPath, AccessKey, SecretKey) { ServerType = ServerType, GrpcPort = grpcAddress?.Port };
        _resources.Add(server);
        if (WantsVerbose) Pipeline.WriteVerbose($"Server {server.ProcessId} is listening on {server}{(server.GrpcPort is { } port ? $", and for gRPC on port {port}" : "")}.");
        await Pipeline.WriteObjectAsync(server).ConfigureAwait(false);
    }

    private string FindDataPath()
    {
        if (DataPath is null)
            return Path.Combine(LocalFolders.Base ?? SessionState.Path.CurrentFileSystemLocation.ProviderPath, "server", "acm.db");

        string path = SessionState.Path.GetUnresolvedProviderPathFromPSPath(DataPath, out ProviderInfo provider, out _);
        if (provider.Name != "FileSystem")
            ThrowTerminatingError(AcmErrors.InvalidParameter($"'{DataPath}' is not in the file system.", nameof(DataPath), DataPath));
        return path;
    }

    private List<string> Arguments()
    {
        var arguments = new List<string> { "--urls", string.Format(CultureInfo.InvariantCulture, "http://127.0.0.1:{0}", Port) };
        if (_dataPath is null) arguments.Add("--in-memory");
        else arguments.AddRange(["--data", _dataPath]);
        if (AccessKey is not null) arguments.AddRange(["--access-key", AccessKey]);
        foreach (PSCredential user in Credential ?? []) arguments.AddRange(["--user", $"{user.UserName}=admin"]);
        if (Secrets().Any()) arguments.Add("--secrets-from-stdin");
        // If both ports are free ones, the server picks two that are 1000 apart, as clients expect.
        if (GivesGrpcPort && (GrpcPort > 0 || Port > 0)) arguments.AddRange(["--grpc-port", GrpcPort.ToString(CultureInfo.InvariantCulture)]);
        if (NacosGeneration is not null) arguments.AddRange(["--nacos-generation", NacosGeneration]);
        arguments.Add(Detach ? "--detached" : "--stop-on-stdin-close");
        return arguments;
    }

    // Secrets are passed on standard input, because other processes can read the command line and environment.
    private string Input() => Secrets().Any() ? string.Concat(Secrets().Select(secret => $"{secret.Name}={secret.Value}\n")) + "\n" : "";

    private IEnumerable<(string Name, string Value)> Secrets()
    {
        if (SecretKey is not null) yield return (SecretKeyName, new NetworkCredential("", SecretKey).Password);
        foreach (PSCredential user in Credential ?? []) yield return (user.UserName, user.GetNetworkCredential().Password);
    }

    private bool GivesGrpcPort => MyInvocation.BoundParameters.ContainsKey(nameof(GrpcPort));

    private void CheckNacos()
    {
        if (NacosGeneration is "1" or "none" && GivesGrpcPort)
            ThrowTerminatingError(AcmErrors.InvalidParameter("-GrpcPort needs a server that speaks gRPC. Specify -NacosGeneration 2 or later.", nameof(GrpcPort)));


        if (NacosGeneration == "none" && (Credential is not null || ServerType == NacosType))
            ThrowTerminatingError(AcmErrors.InvalidParameter("-Credential and -ServerType Nacos need a server that speaks Nacos. Omit -NacosGeneration none.", nameof(NacosGeneration)));

        foreach (PSCredential user in Credential ?? [])
        {
            if (user.UserName.Length == 0 || user.UserName == SecretKeyName || user.UserName.IndexOfAny(InvalidUserNameCharacters) >= 0)
                ThrowTerminatingError(AcmErrors.InvalidParameter($"'{user.UserName}' is not a valid user name.", nameof(Credential), user.UserName));

            if (user.Password.Length == 0 || user.GetNetworkCredential().Password.IndexOfAny(['\r', '\n']) >= 0)
                ThrowTerminatingError(AcmErrors.InvalidParameter($"The password of '{user.UserName}' is empty or contains a line break.", nameof(Credential), user.UserName));
        }
    }
}
