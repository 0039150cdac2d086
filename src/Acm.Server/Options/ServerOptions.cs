using System.Net;
using Acm.Server.Auth;
using Acm.Server.Dialects.Nacos;

namespace Acm.Server.Options;

/// <summary>What the server was told, checked.</summary>
internal sealed record ServerOptions
{
    public const string DefaultDataFile = "acm-server.db";
    public const int DefaultTokenSeconds = 18_000;
    public const int DefaultIdleSeconds = 75;

    /// <summary>The port of address servers, which clients that sign their requests take where none is given.</summary>
    public static ListenAddress AddressServer { get; } = ListenAddress.Parse("http://127.0.0.1:8080");

    /// <summary>A free port: a web page cannot know it, and a server without keys serves whoever finds it.</summary>
    public static ListenAddress FreePort { get; } = ListenAddress.Parse("http://127.0.0.1:0");

    public IReadOnlyList<ListenAddress> Addresses { get; init; } = [FreePort];

    /// <summary>Null keeps everything in memory.</summary>
    public string? DataFile { get; init; }

    /// <summary>Null accepts unsigned requests.</summary>
    public string? AccessKey { get; init; }

    public string SecretKey { get; init; } = "";

    /// <summary>Answers long polls without a signature though keys are set.</summary>
    public bool AllowUnsignedPolls { get; init; }

    /// <summary>Host names of requests over loopback, beside those that mean loopback.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    public string? Certificate { get; init; }

    public string? CertificateKey { get; init; }

    public string? CertificatePasswordFile { get; init; }

    /// <summary>What the address list answers with; empty means the host of each request.</summary>
    public IReadOnlyList<string> Advertise { get; init; } = [];

    public IReadOnlyList<string> Units { get; init; } = [];

    /// <summary>Who may log in; empty asks for no login.</summary>
    public IReadOnlyList<UserEntry> Users { get; init; } = [];

    /// <summary>Where the passwords of the users are; null where they came with the start.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>The passwords that came with the start, by user.</summary>
    public IReadOnlyDictionary<string, string> Passwords { get; init; } = new Dictionary<string, string>();

    /// <summary>How long a login token is good.</summary>
    public TimeSpan TokenLife { get; init; } = TimeSpan.FromSeconds(DefaultTokenSeconds);

    /// <summary>Clients need no login though there are users.</summary>
    public bool AnonymousClient { get; init; }

    /// <summary>Null speaks the ACM dialect alone.</summary>
    public Generation? NacosGeneration { get; init; } = Generation.Three;

    /// <summary>The gRPC port; 0 takes a free one. Null is the HTTP port plus 1000, where that can be had.</summary>
    public int? GrpcPort { get; init; }

    /// <summary>No gRPC port, though the generation has one.</summary>
    public bool NoGrpc { get; init; }

    /// <summary>Blank, or a path that begins with a slash and does not end with one.</summary>
    public string NacosContextPath { get; init; } = "/nacos";

    /// <summary>Whose word about a client's address counts.</summary>
    public IReadOnlyCollection<IPAddress> TrustedProxies { get; init; } = [IPAddress.Loopback, IPAddress.IPv6Loopback];

    /// <summary>Where the data file is to be copied to; null runs the server.</summary>
    public string? Backup { get; init; }

    /// <summary>Zero keeps the history for ever.</summary>
    public int HistoryDays { get; init; } = 30;

    /// <summary>Zero keeps every change of a configuration.</summary>
    public int HistoryRevisions { get; init; } = 100;

    public bool StopOnStdinClose { get; init; }

    public bool Detached { get; init; }

    /// <summary>Null takes what each dialect is used to.</summary>
    public int? MaxContentBytes { get; init; }

    /// <summary>Null takes what the system's limit of open files leaves.</summary>
    public int? MaxConnections { get; init; }

    /// <summary>After this a connection on which nothing is asked is closed.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(DefaultIdleSeconds);

    public int MaxConnectionsPerIp { get; init; }

    public int MaxReadsPerSecond { get; init; }

    public int MaxChangesPerSecond { get; init; }

    public TimeSpan Latency { get; init; }

    /// <summary>What the person should know though it is not an error.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Where it listens; never the secret key, which a record would print.</summary>
    public override string ToString() => string.Join(", ", Addresses);
}
