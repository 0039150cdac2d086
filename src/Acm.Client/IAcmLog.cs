namespace Acm.Client;

/// <summary>How much a line of the log tells.</summary>
public enum AcmLogLevel
{
    /// <summary>Each request and answer with its headers, secrets removed.</summary>
    Debug,

    /// <summary>Which server answered and how long it took; what was retried and why.</summary>
    Verbose,

    /// <summary>Something the user should know: a stale answer, a store that can't be written, TLS switched off.</summary>
    Warning,
}

/// <summary>
/// Receives what a call has to tell. Implementations must be thread-safe and must not block.
/// No line ever holds a secret: access keys are shortened, signatures and tokens left out, bodies never shown.
/// </summary>
public interface IAcmLog
{
    /// <summary>Whether lines of this level are wanted; others are not even put together.</summary>
    bool IsEnabled(AcmLogLevel level);

    /// <summary>Takes one line.</summary>
    void Write(AcmLogLevel level, string message);
}
