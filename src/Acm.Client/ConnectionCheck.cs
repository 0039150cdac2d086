namespace Acm.Client;

/// <summary>The result of one step of a connection test.</summary>
public enum CheckStatus
{
    /// <summary>The step succeeded.</summary>
    Passed,

    /// <summary>The step succeeded with a remark.</summary>
    Warning,

    /// <summary>The step failed.</summary>
    Failed,

    /// <summary>The step does not apply, or an earlier one failed.</summary>
    Skipped,
}

/// <summary>One step of a connection test.</summary>
public sealed class ConnectionCheck
{
    /// <summary>Gets the name of the step: Name, Tcp, Tls, AddressServer, Signature, ClockSkew, Read.</summary>
    public required string Check { get; init; }

    /// <summary>Gets what was tested, as <c>host:port</c>.</summary>
    public required string Target { get; init; }

    /// <summary>Gets the result.</summary>
    public required CheckStatus Status { get; init; }

    /// <summary>Gets the details of the result.</summary>
    public required string Detail { get; init; }

    /// <summary>Gets what to do about a failure; empty on success.</summary>
    public string Cure { get; init; } = "";

    /// <summary>Gets the name of the option that <see cref="Cure"/> is about; null for none.</summary>
    public string? Option { get; init; }

    /// <summary>Gets the duration.</summary>
    public TimeSpan Duration { get; init; }
}
