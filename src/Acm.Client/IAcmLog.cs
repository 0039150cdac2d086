namespace Acm.Client;

/// <summary>The level of a log line.</summary>
public enum AcmLogLevel
{
    /// <summary>Requests and responses with their headers, secrets redacted.</summary>
    Debug,

    /// <summary>Which server answered and how long it took; retries and their reasons.</summary>
    Verbose,

    /// <summary>Problems the user should know about: a stale value, an unwritable snapshot folder, disabled certificate validation.</summary>
    Warning,
}

/// <summary>
/// Receives log lines. Implementations must be thread-safe and must not block.
/// Lines never contain secrets: signatures, tokens and bodies are omitted, and access key IDs are shortened.
/// </summary>
public interface IAcmLog
{
    /// <summary>Returns whether lines of a level are logged; other lines are not even formatted.</summary>
    bool IsEnabled(AcmLogLevel level);

    /// <summary>Writes one line.</summary>
    void Write(AcmLogLevel level, string message);
}
