namespace Acm.Server.Options;

/// <summary>What the server was told, checked.</summary>
internal sealed record ServerOptions
{
    public const int DefaultMaxContentBytes = 102_400;

    public IReadOnlyList<ListenAddress> Addresses { get; init; } = [ListenAddress.Parse("http://127.0.0.1:8080")];

    /// <summary>Null keeps everything in memory.</summary>
    public string? DataFile { get; init; }

    /// <summary>Null accepts unsigned requests.</summary>
    public string? AccessKey { get; init; }

    public string SecretKey { get; init; } = "";

    public bool StrictPolls { get; init; }

    public string? Certificate { get; init; }

    public string? CertificateKey { get; init; }

    public string? CertificatePasswordFile { get; init; }

    /// <summary>What the address list answers with; empty means the host of each request.</summary>
    public IReadOnlyList<string> Advertise { get; init; } = [];

    public IReadOnlyList<string> Units { get; init; } = [];

    public bool StopOnStdinClose { get; init; }

    public bool Detached { get; init; }

    public int MaxContentBytes { get; init; } = DefaultMaxContentBytes;

    public int MaxConnectionsPerIp { get; init; }

    public int MaxReadsPerSecond { get; init; }

    public int MaxChangesPerSecond { get; init; }

    public TimeSpan Latency { get; init; }

    /// <summary>What the person should know though it is no error.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
