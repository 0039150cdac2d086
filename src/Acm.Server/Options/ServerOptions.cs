using System.Net;
using Acm.Server.Auth;
using Acm.Server.Dialects.Nacos;

namespace Acm.Server.Options;

/// <summary>The validated options of the server.</summary>
internal sealed record ServerOptions
{
    public const string DefaultDataFile = "acm-server.db";
    public const int DefaultTokenSeconds = 18_000;
    public const int DefaultIdleSeconds = 75;

    /// <summary>Gets the default address with an access key: the default port of address servers.</summary>
    public static ListenAddress AddressServer { get; } = ListenAddress.Parse("http://127.0.0.1:8080");

    /// <summary>Gets the default address without an access key: a free port, which a web page cannot guess.</summary>
    public static ListenAddress FreePort { get; } = ListenAddress.Parse("http://127.0.0.1:0");

    public IReadOnlyList<ListenAddress> Addresses { get; init; } = [FreePort];

    /// <summary>Gets the path of the data file; null keeps all data in memory.</summary>
    public string? DataFile { get; init; }

    /// <summary>Gets the access key; null accepts unsigned requests.</summary>
    public string? AccessKey { get; init; }

    public string SecretKey { get; init; } = "";

    /// <summary>Gets whether unsigned long polls are accepted even with an access key.</summary>
    public bool AllowUnsignedPolls { get; init; }

    /// <summary>Gets the host names to accept over loopback in addition to those of loopback.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    public string? Certificate { get; init; }

    public string? CertificateKey { get; init; }

    public string? CertificatePasswordFile { get; init; }

    /// <summary>Gets the addresses in the server list; empty for the host of the request.</summary>
    public IReadOnlyList<string> Advertise { get; init; } = [];

    public IReadOnlyList<string> Units { get; init; } = [];

    /// <summary>Gets the users; empty requires no login.</summary>
    public IReadOnlyList<UserEntry> Users { get; init; } = [];

    /// <summary>Gets the path of the password file; null if the passwords came from standard input.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>Gets the passwords from standard input, by user.</summary>
    public IReadOnlyDictionary<string, string> Passwords { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets the number of iterations of each password hash; no option changes it.</summary>
    public int PasswordIterations { get; init; } = PasswordHash.DefaultIterations;

    /// <summary>Gets the lifetime of a login token.</summary>
    public TimeSpan TokenLife { get; init; } = TimeSpan.FromSeconds(DefaultTokenSeconds);

    /// <summary>Gets whether clients need no login even if there are users.</summary>
    public bool AnonymousClient { get; init; }

    /// <summary>Gets the emulated Nacos generation; null for ACM only.</summary>
    public Generation? NacosGeneration { get; init; } = Generation.Three;

    /// <summary>Gets the gRPC port; 0 for a free port; null for the HTTP port plus 1000 if it is free.</summary>
    public int? GrpcPort { get; init; }

    /// <summary>Gets whether gRPC is disabled.</summary>
    public bool NoGrpc { get; init; }

    /// <summary>Gets the context path: empty, or with a leading and without a trailing slash.</summary>
    public string NacosContextPath { get; init; } = "/nacos";

    /// <summary>Gets the proxies whose <c>X-Forwarded-For</c> header is trusted.</summary>
    public IReadOnlyCollection<IPAddress> TrustedProxies { get; init; } = [IPAddress.Loopback, IPAddress.IPv6Loopback];

    /// <summary>Gets the path of the backup to write; null runs the server.</summary>
    public string? Backup { get; init; }

    /// <summary>Gets the retention of the history in days; 0 for no limit.</summary>
    public int HistoryDays { get; init; } = 30;

    /// <summary>Gets the number of changes to keep per configuration; 0 for no limit.</summary>
    public int HistoryRevisions { get; init; } = 100;

    public bool StopOnStdinClose { get; init; }

    /// <summary>Gets how long a stop waits for requests until it aborts them; no option changes it.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(2);

    public bool Detached { get; init; }

    /// <summary>Gets the maximum size of a content in bytes; null for the default of each dialect.</summary>
    public int? MaxContentBytes { get; init; }

    /// <summary>Gets the maximum number of connections; null derives it from the open file limit.</summary>
    public int? MaxConnections { get; init; }

    /// <summary>Gets the time after which an idle connection is closed.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(DefaultIdleSeconds);

    public int MaxConnectionsPerIp { get; init; }

    public int MaxReadsPerSecond { get; init; }

    public int MaxChangesPerSecond { get; init; }

    public TimeSpan Latency { get; init; }

    /// <summary>Gets the warnings to show at startup.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Returns the addresses, and not the secret key, which a record would print.</summary>
    public override string ToString() => string.Join(", ", Addresses);
}
