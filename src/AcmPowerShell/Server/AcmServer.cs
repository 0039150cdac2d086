using System.Security;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>A stand-alone server that Start-AcmServer started. Pipes into Connect-Acm. Shows no secret.</summary>
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

    /// <summary>The address as Connect-Acm takes it: <c>host:port</c>.</summary>
    public string Endpoint => Uri.Authority;

    /// <summary>The address of the server.</summary>
    public Uri Uri { get; }

    /// <summary>How Connect-Acm speaks with it: Acm or Nacos.</summary>
    public string ServerType { get; init; } = "Acm";

    /// <summary>Whether a client connects to it itself, and not to an address server: true of a server of the type Nacos.</summary>
    public bool Direct => ServerType == nameof(AcmServerType.Nacos);

    /// <summary>The port it listens on, on loopback only.</summary>
    public int Port => Uri.Port;

    /// <summary>Id of the server's process.</summary>
    public int ProcessId { get; }

    /// <summary>The file that holds the data; null where they are in memory.</summary>
    public string? DataPath { get; }

    /// <summary>Whether a client has to keep no snapshots: true of data in memory, whose port another server may have next.</summary>
    public bool NoSnapshot => DataPath is null;

    /// <summary>The access key id that requests have to be signed with; null where any client is served.</summary>
    public string? AccessKey { get; }

    /// <summary>The secret key that belongs to it.</summary>
    public SecureString? SecretKey { get; }

    /// <summary>Whether it outlives the session that started it.</summary>
    public bool Detached => _process.IsDetached;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>The address.</summary>
    public override string ToString() => Uri.GetLeftPart(UriPartial.Authority);

    /// <summary>Stops it. False where it had to be killed.</summary>
    internal Task<bool> StopAsync(CancellationToken cancellationToken) => _process.StopAsync(cancellationToken);

    /// <summary>Has it end by itself, unless it is detached.</summary>
    internal void LetGo() => _process.LetGo();
}
