namespace Acm.Server.Auth;

/// <summary>What became of a try to say who one is, and who it is where it was accepted.</summary>
internal readonly record struct LoginResult(LoginOutcome Outcome, UserEntry? User)
{
    public static LoginResult Refused(LoginOutcome outcome) => new(outcome, null);
}
