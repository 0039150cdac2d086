using Acm.Client.Text;

namespace Acm.Client;

/// <summary>The exception that all failures of this library throw; <see cref="Kind"/> tells them apart.</summary>
public sealed class AcmException : Exception
{
    /// <summary>Maximum message length. Messages about many tries are long, and truncating earlier would lose a cause.</summary>
    private const int MaxLength = 4000;

    private readonly string? _advice;
    private readonly string? _option;
    private readonly bool _isForeign;

    /// <summary>Creates an exception. Message and advice may quote servers or files and are sanitized to one line each (<see cref="ForeignText"/>).</summary>
    /// <param name="kind">The kind of failure.</param>
    /// <param name="message">What failed and why. Must not contain secrets.</param>
    /// <param name="innerException">The cause; null for none.</param>
    public AcmException(AcmErrorKind kind, string message, Exception? innerException = null)
        : base(ForeignText.Clean(message, MaxLength), innerException)
    {
        Kind = kind;
    }

    /// <summary>Gets the kind of failure.</summary>
    public AcmErrorKind Kind { get; }

    /// <summary>Gets what the user can do about the failure; null if the message says it.</summary>
    public string? Advice
    {
        get => _advice;
        init => _advice = value is null ? null : ForeignText.Clean(value, MaxLength);
    }

    /// <summary>Gets the name of the option that can resolve the failure, such as <see cref="AcmClientOptions.AllowEuroSign"/>; null for none. A wrapping exception inherits it.</summary>
    public string? Option
    {
        get => _option ?? (InnerException as AcmException)?.Option;
        init => _option = value;
    }

    /// <summary>Gets whether the server may be of another kind, because it does not have the requested path.</summary>
    internal bool IsForeign
    {
        get => _isForeign || InnerException is AcmException { IsForeign: true };
        init => _isForeign = value;
    }

    /// <summary>Gets the configuration; null if the failure is about none in particular.</summary>
    public ConfigKey? Key { get; init; }

    /// <summary>Gets whether the failure is final: no other server is tried.</summary>
    internal bool IsFinal { get; init; }

    /// <summary>Gets whether a write may have been executed despite the failure.</summary>
    internal bool OutcomeUnknown { get; init; }

    /// <summary>Gets whether the configuration is temporarily locked on the server, so that the same server must be retried.</summary>
    internal bool IsBusy { get; init; }

    /// <summary>Gets whether the response exceeds the size limit. For a list, a smaller page may help.</summary>
    internal bool IsTooLong { get; init; }

    /// <summary>Gets whether the cluster has no leader, so that a later try succeeds, usually within half a minute.</summary>
    internal bool WaitsForLeader { get; init; }

    /// <summary>Gets whether this server version does not support the operation.</summary>
    internal bool IsBeyondVersion { get; init; }

    /// <summary>Gets the delay that the server requested; null for none.</summary>
    internal TimeSpan? RetryAfter { get; init; }

    /// <summary>Returns the same failure for a configuration; a failure that already names one stays unchanged.</summary>
    /// <param name="key">The configuration; null for none in particular.</param>
    /// <param name="subject">The batch as the message names it, to be replaced with the configuration; null for none.</param>
    internal AcmException About(ConfigKey? key, string? subject = null) =>
        key is null || Key is not null ? this : new AcmException(Kind, subject is null ? Message : Message.Replace(subject, $"'{key}'"), this) { Key = key, Advice = Advice, IsFinal = IsFinal, OutcomeUnknown = OutcomeUnknown, IsBusy = IsBusy, WaitsForLeader = WaitsForLeader, RetryAfter = RetryAfter };
}
