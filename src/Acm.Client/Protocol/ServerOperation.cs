using Acm.Client.Calls;

namespace Acm.Client.Protocol;

/// <summary>What is asked of a server, as logs and errors name it.</summary>
internal abstract class ServerOperation
{
    protected ServerOperation(CallKind kind, string subject, ConfigKey? key)
    {
        Kind = kind;
        Subject = subject;
        Key = key;
    }

    public CallKind Kind { get; }

    /// <summary>The thing asked for: a key, a page, a number of keys.</summary>
    public string Subject { get; }

    /// <summary>The configuration that the operation is about; null where it is about none in particular.</summary>
    public ConfigKey? Key { get; }

    /// <summary>The time limits that it needs where the caller sets none; null for the usual ones.</summary>
    public virtual CallLimits.Needed? Limits => null;
}

/// <summary>
/// What is asked of a server: one request or several, and what their answers mean. The pool runs it, on another server where one fails, so that it holds nothing that
/// belongs to one server.
/// </summary>
/// <typeparam name="T">What the answers let one conclude.</typeparam>
internal abstract class ServerOperation<T> : ServerOperation
{
    protected ServerOperation(CallKind kind, string subject, ConfigKey? key)
        : base(kind, subject, key)
    {
    }

    /// <summary>Asks one server, once.</summary>
    /// <exception cref="AcmException">Every outcome that is not a success. <see cref="AcmException.IsFinal"/> says whether another server is of any use, <see cref="AcmException.OutcomeUnknown"/> whether the server may have done it all the same.</exception>
    public abstract Task<T> RunAsync(IServerLink link, CancellationToken cancellationToken);
}
