using System.Security.Cryptography.X509Certificates;

namespace Acm.Client;

/// <summary>
/// How a client connects. Checked as a whole by the constructor of <see cref="AcmClient"/>, which throws
/// <see cref="ArgumentException"/> naming the option and its range.
/// </summary>
public sealed record AcmClientOptions
{
    /// <summary>Default of <see cref="TryTimeout"/>: 3 seconds.</summary>
    public static readonly TimeSpan DefaultTryTimeout = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Address server as <c>host</c>, <c>host:port</c>, <c>[v6]:port</c> or an http(s) URI; with <see cref="Direct"/> the servers
    /// themselves, separated by comma, semicolon or white space. A context path may follow. Where no port is given it is 443 with TLS, else 8080 of ACM and of address servers, 8848 of Nacos. Required.
    /// </summary>
    public required string Endpoint { get; init; }

    /// <summary>Which kind of server <see cref="Endpoint"/> is: ACM by default. <see cref="AcmServerType.Auto"/> needs <see cref="Direct"/>.</summary>
    public AcmServerType ServerType { get; init; } = AcmServerType.Acm;

    /// <summary>Namespace id, at most 128 characters; blank, <c>public</c> and <c>[default]</c> are the default namespace.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>What signs the requests: keys that stay the same. Null where <see cref="CredentialSource"/> gives them, or none are to be signed.</summary>
    public AcmCredential? Credential { get; init; }

    /// <summary>What gives the credentials that sign the requests, and new ones before they end; null where <see cref="Credential"/> is all, or none are to be signed. Its maker disposes it.</summary>
    public AcmCredentialSource? CredentialSource { get; init; }

    /// <summary>Whether the credentials are access keys, which sign each request to a Nacos server (the managed one, MSE), instead of a user and a password, which log in. ACM knows nothing but access keys. A <see cref="CredentialSource"/> other than given keys does not log in: a Nacos server needs this with it.</summary>
    public bool UsesAccessKeys { get; init; }

    /// <summary>Region that the key is derived for which signs requests to Nacos (version 4 of the signature), such as <c>cn-hangzhou</c>; null to sign with the secret key itself.</summary>
    public string? SignatureRegion { get; init; }

    /// <summary>The identity by which Nacos servers trust each other; null for none. It takes the place of a login.</summary>
    public AcmServerIdentity? Identity { get; init; }

    /// <summary>How <c>cipher-</c> configurations are encrypted and decrypted; null to leave them as they are.</summary>
    public AcmKmsOptions? Kms { get; init; }

    /// <summary>Unit whose server list the address server is asked for; null for the default list.</summary>
    public string? UnitName { get; init; }

    /// <summary>Take <see cref="Endpoint"/> as the servers themselves, instead of asking it for their addresses.</summary>
    public bool Direct { get; init; }

    /// <summary>Time limit of one try, the body included: 1 ms to 10 min, 3 s by default.</summary>
    public TimeSpan TryTimeout { get; init; } = DefaultTryTimeout;

    /// <summary>Time limit of a call with all its tries: 1 ms to 1 h; null for the larger of 10 s and four times <see cref="TryTimeout"/>.</summary>
    public TimeSpan? TotalTimeout { get; init; }

    /// <summary>Speak TLS to the data servers. An <c>https://</c> endpoint implies it, and has the address server asked over TLS as well.</summary>
    public bool UseTls { get; init; }

    /// <summary>A further name that the certificates of servers may be made out to, beside the name they are reached by; null for the endpoint's host where the address server lists the servers.</summary>
    public string? TlsServerName { get; init; }

    /// <summary>File with one or more CA certificates (PEM, or one in DER) that are trusted instead of the system's; null for the system's.</summary>
    public string? CaCertificatePath { get; init; }

    /// <summary>Certificate with private key that the client shows to the servers; null for none.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>Take any TLS certificate. Whoever is on the way can then read and change everything.</summary>
    public bool SkipCertificateCheck { get; init; }

    /// <summary>The proxy to use; null for the one that the environment or the system names. A server on this machine is always reached without one.</summary>
    public AcmProxyOptions? Proxy { get; init; }

    /// <summary>Time that a long poll asks to be held: 10 s to 10 min, 30 s by default.</summary>
    public TimeSpan LongPollTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Keys in one long poll: 1 to 10,000, by default 3,000.</summary>
    public int LongPollBatchSize { get; init; } = 3000;

    /// <summary>Port on which Nacos servers of version 2 and later push changes over gRPC: 1 to 65,535; null for the server's own port plus 1000.</summary>
    public int? GrpcPort { get; init; }

    /// <summary>Callbacks of watchers that may run at once: 1 to 1,000, by default 10.</summary>
    public int CallbackConcurrency { get; init; } = 10;

    /// <summary>Folder with files that go before every server; null for none. Only ever read.</summary>
    public string? FailoverPath { get; init; }

    /// <summary>Folder in which each value that a server gave is kept for when none can be reached; null for none.</summary>
    public string? SnapshotPath { get; init; }

    /// <summary>Neither read nor write snapshots.</summary>
    public bool NoSnapshot { get; init; }

    /// <summary>Name that this application gives itself towards the servers, at most 128 characters: <c>Acm</c> by default.</summary>
    public string AppName { get; init; } = "Acm";

    /// <summary>Allow any Unicode letter and digit in data ids and groups, not only ASCII. Vendor text allows ASCII only; older data may hold more.</summary>
    public bool AllowUnicodeName { get; init; }

    /// <summary>Allow the euro sign in content. It is one byte (80) to this client and to Node, two (A2E3) to Java servers and clients, so that some readers will see something else.</summary>
    public bool AllowEuroSign { get; init; }

    /// <summary>Where the lines of every call go; null for nowhere.</summary>
    public IAcmLog? Log { get; init; }
}
