using System.Security.Cryptography.X509Certificates;

namespace Acm.Client;

/// <summary>
/// Options of a client. The constructor of <see cref="AcmClient"/> validates them and throws
/// <see cref="ArgumentException"/> with the name and the range of an invalid option.
/// </summary>
public sealed record AcmClientOptions
{
    /// <summary>The default of <see cref="TryTimeout"/>: 3 seconds.</summary>
    public static readonly TimeSpan DefaultTryTimeout = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Gets the address server as <c>host</c>, <c>host:port</c>, <c>[v6]:port</c> or an http(s) URI; with <see cref="Direct"/> the servers
    /// themselves, separated by commas, semicolons or white space. A context path may follow. The default port is 443 with TLS; otherwise 8080 for ACM and address servers, and 8848 for Nacos. Required.
    /// </summary>
    public required string Endpoint { get; init; }

    /// <summary>Gets the type of server, ACM by default. <see cref="AcmServerType.Auto"/> requires <see cref="Direct"/>.</summary>
    public AcmServerType ServerType { get; init; } = AcmServerType.Acm;

    /// <summary>Gets the namespace ID, at most 128 characters; blank, <c>public</c> and <c>[default]</c> mean the default namespace.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>Gets fixed credentials that sign requests; null if <see cref="CredentialSource"/> provides them, or for anonymous access.</summary>
    public AcmCredential? Credential { get; init; }

    /// <summary>Gets the source of credentials, which renews them before they expire; null if <see cref="Credential"/> is used, or for anonymous access. The caller disposes it.</summary>
    public AcmCredentialSource? CredentialSource { get; init; }

    /// <summary>Gets whether the credentials are access keys, which sign each request to a Nacos server (MSE), instead of user name and password, which log in. ACM always uses access keys. A <see cref="CredentialSource"/> other than fixed keys cannot log in and requires this for Nacos.</summary>
    public bool UsesAccessKeys { get; init; }

    /// <summary>Gets the region that the signing key for Nacos is derived for (signature version 4), such as <c>cn-hangzhou</c>; null to sign with the secret key itself.</summary>
    public string? SignatureRegion { get; init; }

    /// <summary>Gets the server identity, by which Nacos servers trust each other; null for none. It replaces a login.</summary>
    public AcmServerIdentity? Identity { get; init; }

    /// <summary>Gets how <c>cipher-</c> configurations are encrypted and decrypted; null to leave them unchanged.</summary>
    public AcmKmsOptions? Kms { get; init; }

    /// <summary>Gets the unit whose server list is requested from the address server; null for the default list.</summary>
    public string? UnitName { get; init; }

    /// <summary>Gets whether <see cref="Endpoint"/> lists the servers themselves instead of an address server.</summary>
    public bool Direct { get; init; }

    /// <summary>Gets the time-out of one try, including reading the body: 1 ms to 10 min, 3 s by default.</summary>
    public TimeSpan TryTimeout { get; init; } = DefaultTryTimeout;

    /// <summary>Gets the total time-out of a call with all its tries: 1 ms to 1 h; null for the larger of 10 s and four times <see cref="TryTimeout"/>.</summary>
    public TimeSpan? TotalTimeout { get; init; }

    /// <summary>Gets whether the data servers use TLS. An <c>https://</c> endpoint implies it, and also uses TLS for the address server.</summary>
    public bool UseTls { get; init; }

    /// <summary>Gets an additional name that server certificates may be issued to; null for the endpoint's host if an address server lists the servers.</summary>
    public string? TlsServerName { get; init; }

    /// <summary>Gets the path of a file with one or more CA certificates (PEM, or one in DER) that replace the system's; null for the system's.</summary>
    public string? CaCertificatePath { get; init; }

    /// <summary>Gets the client certificate with its private key; null for none.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>Gets whether certificate validation is disabled. Anyone on the network path can then read and alter traffic.</summary>
    public bool SkipCertificateCheck { get; init; }

    /// <summary>Gets the proxy; null for that of the environment or the system. Loopback addresses never use a proxy.</summary>
    public AcmProxyOptions? Proxy { get; init; }

    /// <summary>Gets how long a server may hold a long poll: 10 s to 10 min, 30 s by default.</summary>
    public TimeSpan LongPollTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets the maximum number of keys in one long poll: 1 to 10,000, by default 3,000.</summary>
    public int LongPollBatchSize { get; init; } = 3000;

    /// <summary>Gets the gRPC port of Nacos servers of version 2 and later: 1 to 65,535; null for the server's port plus 1000.</summary>
    public int? GrpcPort { get; init; }

    /// <summary>Gets the maximum number of watcher callbacks that run in parallel: 1 to 1,000, by default 10.</summary>
    public int CallbackConcurrency { get; init; } = 10;

    /// <summary>Gets the failover folder, whose files take precedence over every server; null for none. It is never written to.</summary>
    public string? FailoverPath { get; init; }

    /// <summary>Gets the folder in which values from servers are saved for use when no server is reachable; null for none.</summary>
    public string? SnapshotPath { get; init; }

    /// <summary>Gets whether snapshots are neither read nor written.</summary>
    public bool NoSnapshot { get; init; }

    /// <summary>Gets the application name sent to servers, at most 128 characters: <c>Acm</c> by default.</summary>
    public string AppName { get; init; } = "Acm";

    /// <summary>Gets whether data IDs and groups may contain any Unicode letter or digit instead of ASCII only, for names that predate the restriction.</summary>
    public bool AllowUnicodeName { get; init; }

    /// <summary>Gets whether content may contain the euro sign. This client and Node.js encode it as one byte (80), Java servers and clients as two (A2E3), so some readers see a different character.</summary>
    public bool AllowEuroSign { get; init; }

    /// <summary>Gets the log of all calls; null for none.</summary>
    public IAcmLog? Log { get; init; }
}
