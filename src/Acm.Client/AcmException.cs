using Acm.Client.Text;

namespace Acm.Client;

/// <summary>The one exception of this library: everything that can go wrong with a call, told apart by <see cref="Kind"/>.</summary>
public sealed class AcmException : Exception
{
    /// <summary>What is made of many tries is long, and a cause would be lost if it were cut early.</summary>
    private const int MaxLength = 4000;

    private readonly string? _advice;
    private readonly string? _option;
    private readonly bool _isForeign;

    /// <summary>Creates an error of a kind. Message and advice are cleaned to one line each (<see cref="ForeignText"/>): both may quote what a server or a file said.</summary>
    /// <param name="kind">What went wrong.</param>
    /// <param name="message">What, where, and what to do about it. Never holds a secret.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public AcmException(AcmErrorKind kind, string message, Exception? innerException = null)
        : base(ForeignText.Clean(message, MaxLength), innerException)
    {
        Kind = kind;
    }

    /// <summary>What went wrong.</summary>
    public AcmErrorKind Kind { get; }

    /// <summary>What the user can do about it, beyond what the message says; null where the message says all.</summary>
    public string? Advice
    {
        get => _advice;
        init => _advice = value is null ? null : ForeignText.Clean(value, MaxLength);
    }

    /// <summary>The option of this library that decides about what failed, by the name of its property, such as <see cref="AcmClientOptions.AllowEuroSign"/>; null for none. An error that wraps another one has that one's.</summary>
    public string? Option
    {
        get => _option ?? (InnerException as AcmException)?.Option;
        init => _option = value;
    }

    /// <summary>Whether what answered may be a server of another kind: it does not have the path that was asked for.</summary>
    internal bool IsForeign
    {
        get => _isForeign || InnerException is AcmException { IsForeign: true };
        init => _isForeign = value;
    }

    /// <summary>The configuration concerned; null where the error is about none in particular.</summary>
    public ConfigKey? Key { get; init; }

    /// <summary>Whether the answer settles the call: asking another server would change nothing.</summary>
    internal bool IsFinal { get; init; }

    /// <summary>Whether a write may have been carried out although it failed for us.</summary>
    internal bool OutcomeUnknown { get; init; }

    /// <summary>Whether the server holds the configuration locked for a moment, so that asking it again is all there is to do.</summary>
    internal bool IsBusy { get; init; }

    /// <summary>Whether the answer has more bytes than are read of it. Of a list, a smaller page may do.</summary>
    internal bool IsTooLong { get; init; }

    /// <summary>Whether the servers are without a leader, so that a write succeeds on another try, within half a minute as a rule.</summary>
    internal bool WaitsForLeader { get; init; }

    /// <summary>Whether no server of this version has what was asked for, which is known without asking.</summary>
    internal bool IsBeyondVersion { get; init; }

    /// <summary>How long the server asked to wait before the next request; null where it did not say.</summary>
    internal TimeSpan? RetryAfter { get; init; }

    /// <summary>The same error, said of a configuration. What is about another one already stays as it is.</summary>
    /// <param name="key">The configuration; null for none in particular.</param>
    /// <param name="subject">What the message calls the request that the configuration was part of; the message then names the configuration in its place.</param>
    internal AcmException About(ConfigKey? key, string? subject = null) =>
        key is null || Key is not null ? this : new AcmException(Kind, subject is null ? Message : Message.Replace(subject, $"'{key}'"), this) { Key = key, Advice = Advice, IsFinal = IsFinal, OutcomeUnknown = OutcomeUnknown, IsBusy = IsBusy, WaitsForLeader = WaitsForLeader, RetryAfter = RetryAfter };
}
