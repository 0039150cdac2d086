namespace Acm.Server.Auth;

/// <summary>What became of a try to say who one is.</summary>
internal enum LoginOutcome
{
    Accepted,

    /// <summary>Nothing was presented.</summary>
    Anonymous,

    UnknownUser,

    WrongPassword,

    /// <summary>Too many tries failed that came from the same address.</summary>
    TooManyTries,

    /// <summary>The token is not one.</summary>
    MalformedToken,

    /// <summary>The token is signed in a way that is not ours.</summary>
    UnsupportedAlgorithm,

    /// <summary>The token is signed with another key.</summary>
    WrongSignature,

    ExpiredToken,
}
