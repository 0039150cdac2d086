namespace Acm.Client;

/// <summary>The result of the last request to a server.</summary>
public sealed class ServerContact
{
    internal ServerContact(DateTimeOffset at, AcmErrorKind? error)
    {
        At = at;
        Error = error;
    }

    /// <summary>Gets when it ended.</summary>
    public DateTimeOffset At { get; }

    /// <summary>Gets why no server could be used; null if one answered, even with "not found".</summary>
    public AcmErrorKind? Error { get; }
}
