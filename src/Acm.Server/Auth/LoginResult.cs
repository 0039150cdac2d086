namespace Acm.Server.Auth;

/// <summary>The outcome of a login attempt, and the user if it succeeded.</summary>
internal readonly record struct LoginResult(LoginOutcome Outcome, UserEntry? User)
{
    public static LoginResult Refused(LoginOutcome outcome) => new(outcome, null);
}
