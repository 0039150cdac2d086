using System.Security;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>A stand-alone server that Start-AcmServer started. Can be piped to Connect-Acm.</summary>
public sealed class AcmServer
{
    private readonly ServerProcess _process;

    internal AcmServer(ServerProcess process, Uri address, string? dataPath, string? accessKey, SecureString? secretKey)
    {
        _process = process;
        Uri = address;
        DataPath = dataPath;
        AccessKey = accessKey;
        SecretKey = secretKey;
        ProcessId = process.Id;
    }

    /// <summary>Gets the address for Connect-Acm, as <c>host:port</c>.</summary>
    public string Endpoint => Uri.Authority;

    /// <summary>Gets the address.</summary>
    public Uri Uri { get; }

    /// <summary>Gets the protocol that Connect-Acm uses: Acm or Nacos.</summary>
    public string ServerType { get; init; } = "Acm";

    /// <summary>Gets whether <see cref="Endpoint"/> is a data server, not an address server. True for the type Nacos.</summary>
    public bool Direct => ServerType == nameof(AcmServerType.Nacos);

    /// <summary>Gets the port on the loopback interface.</summary>
    public int Port => Uri.Port;

    /// <summary>Gets the gRPC port; null if the server has none.</summary>
    public int? GrpcPort { get; init; }

    /// <summary>Gets the process ID.</summary>
    public int ProcessId { get; }

    /// <summary>Gets the data file. Null if the data is in memory.</summary>
    public string? DataPath { get; }

    /// <summary>Gets whether clients should not keep snapshots. True for data in memory, because another server can use the port later.</summary>
    public bool NoSnapshot => DataPath is null;

    /// <summary>Gets the access key ID that clients must sign requests with. Null if requests need no signature.</summary>
    public string? AccessKey { get; }

    /// <summary>Gets the secret key.</summary>
    public SecureString? SecretKey { get; }

    /// <summary>Gets whether it keeps running when the session that started it ends.</summary>
    public bool Detached => _process.IsDetached;

    /// <summary>Gets whether it has exited.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Returns the address.</summary>
    public override string ToString() => Uri.GetLeftPart(UriPartial.Authority);

    /// <summary>Stops the server. Returns false if it had to be killed.</summary>
    internal Task<bool> StopAsync(CancellationToken cancellationToken) => _process.StopAsync(cancellationToken);

    /// <summary>Requests the server to stop, unless it is detached.</summary>
    internal void Release() => _process.Release();
}
