using Acm.Client.Calls;

namespace Acm.Client.Protocol;

/// <summary>An operation, as logs and errors name it.</summary>
internal abstract class ServerOperation
{
    protected ServerOperation(CallKind kind, string subject, ConfigKey? key)
    {
        Kind = kind;
        Subject = subject;
        Key = key;
    }

    public CallKind Kind { get; }

    /// <summary>Gets what is requested: a key, a page, a number of keys.</summary>
    public string Subject { get; }

    /// <summary>Gets the configuration that the operation is about; null if it is about none in particular.</summary>
    public ConfigKey? Key { get; }

    /// <summary>Gets the time-outs that the operation needs unless the caller specifies others; null for the usual ones.</summary>
    public virtual CallLimits.Needed? Limits => null;
}

/// <summary>
/// An operation of one or several requests, and the interpretation of their responses. The pool may run it on several servers, so it must not hold state of one
/// server.
/// </summary>
/// <typeparam name="T">The result.</typeparam>
internal abstract class ServerOperation<T> : ServerOperation
{
    protected ServerOperation(CallKind kind, string subject, ConfigKey? key)
        : base(kind, subject, key)
    {
    }

    /// <summary>Runs the operation on one server, without retries.</summary>
    /// <exception cref="AcmException">The operation failed. <see cref="AcmException.IsFinal"/> says whether another server may be tried, <see cref="AcmException.OutcomeUnknown"/> whether the server may have executed it.</exception>
    public abstract Task<T> RunAsync(IServerLink link, CancellationToken cancellationToken);
}
