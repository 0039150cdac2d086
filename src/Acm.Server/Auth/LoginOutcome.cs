namespace Acm.Server.Auth;

/// <summary>The outcome of a login attempt.</summary>
internal enum LoginOutcome
{
    Accepted,

    /// <summary>The call has no credentials.</summary>
    Anonymous,

    UnknownUser,

    WrongPassword,

    /// <summary>Too many attempts from the same address failed.</summary>
    TooManyTries,

    /// <summary>The token is malformed.</summary>
    MalformedToken,

    /// <summary>The token uses another signature algorithm.</summary>
    UnsupportedAlgorithm,

    /// <summary>The token was signed with another key.</summary>
    WrongSignature,

    ExpiredToken,
}
