namespace Acm.Client;

/// <summary>How one step of a connection test ended.</summary>
public enum CheckStatus
{
    /// <summary>The step works.</summary>
    Passed,

    /// <summary>The step works, with something to know.</summary>
    Warning,

    /// <summary>The step does not work.</summary>
    Failed,

    /// <summary>The step does not apply, or an earlier one failed.</summary>
    Skipped,
}

/// <summary>One step of a connection test.</summary>
public sealed class ConnectionCheck
{
    /// <summary>The step: Name, Tcp, Tls, AddressServer, Signature, ClockSkew, Read.</summary>
    public required string Check { get; init; }

    /// <summary>What was tested, as <c>host:port</c>.</summary>
    public required string Target { get; init; }

    /// <summary>How it ended.</summary>
    public required CheckStatus Status { get; init; }

    /// <summary>What was seen.</summary>
    public required string Detail { get; init; }

    /// <summary>What to do where it did not pass; empty where it did.</summary>
    public string Cure { get; init; } = "";

    /// <summary>The option of this library that <see cref="Cure"/> is about, by the name of its property; null for none.</summary>
    public string? Option { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }
}
