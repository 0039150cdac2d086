namespace Acm.Client;

/// <summary>How the last attempt to reach a server ended.</summary>
public sealed class ServerContact
{
    internal ServerContact(DateTimeOffset at, AcmErrorKind? error)
    {
        At = at;
        Error = error;
    }

    /// <summary>When it ended.</summary>
    public DateTimeOffset At { get; }

    /// <summary>Why no server could be used; null where one answered, which it also does by saying that a configuration does not exist.</summary>
    public AcmErrorKind? Error { get; }
}
