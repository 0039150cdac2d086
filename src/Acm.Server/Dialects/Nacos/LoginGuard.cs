using Acm.Server.Auth;
using Acm.Server.Http;

namespace Acm.Server.Dialects.Nacos;

/// <summary>Decides who may make a call: a caller who signs it with the access key, or logs in as a user with the right to it. Without keys and users everybody may.</summary>
internal sealed class LoginGuard(Generation generation, UserDirectory? users, SignatureCheck? signatures, bool anonymousClient)
{
    private const string BearerPrefix = "Bearer ";

    /// <summary>Null where the call may be made; the call then says who makes it.</summary>
    public Answer? Refuse(NacosCall call)
    {
        // The first two generations have one switch for everything; the third has one of its own for the calls of administrators.
        bool isOfClients = generation < Generation.Three || !call.Route.Path.StartsWith("/v3/admin/", StringComparison.Ordinal);

        // From 3.2 on these are for administrators alone: a right to a namespace is not enough.
        Access access = !isOfClients && generation >= Generation.ThreeTwo && call.Route.Access != Access.None ? Access.Admin : call.Route.Access;
        string? reason = Refuse(
            call,
            access,
            isOfClients,
            check => check.IsValid(Claim.Of(call.Headers), call.Namespace, call.Group),
            () => call.Route.Namespaces?.Invoke(call) ?? [call.Tenant]);
        return reason is null ? null : Pages.Error(call, 403, reason);
    }

    /// <summary>Says who makes the call by what it carries, in the order in which the real servers look.</summary>
    public static LoginResult Login(ICaller call, UserDirectory users, Generation generation)
    {
        // The first generation looks for the token in one header and for the rest in the parameters only.
        bool readsHeaders = generation > Generation.One;
        string bearer = BearerToken(call);
        string token = bearer.Length > 0 ? bearer : Value("accessToken");
        if (token.Length > 0) return users.CheckToken(token);

        string name = Value("username");
        return name.Length > 0
            ? users.CheckPassword(name, Value("password"), call.ClientAddress)
            : LoginResult.Refused(LoginOutcome.Anonymous);

        string Value(string parameter) => call.TextOrBlank(parameter) is { Length: > 0 } given ? given : readsHeaders ? call.Headers[parameter].ToString() : "";
    }

    /// <summary>The token of the header; blank where there is none.</summary>
    public static string BearerToken(ICaller call)
    {
        string header = call.Headers.Authorization.ToString();
        return header.StartsWith(BearerPrefix, StringComparison.Ordinal) ? header[BearerPrefix.Length..].Trim() : "";
    }

    /// <summary>What the real servers say to a login that they refuse.</summary>
    public static string Reason(LoginOutcome outcome, Generation generation)
    {
        bool first = generation == Generation.One;
        return outcome switch
        {
            LoginOutcome.MalformedToken => "token invalid!",
            LoginOutcome.ExpiredToken => "token expired!",
            LoginOutcome.WrongSignature => first ? "token invalid!" : "Invalid signature",
            LoginOutcome.UnsupportedAlgorithm => first ? "token invalid!" : "unsupported signature algorithm",
            _ => generation switch
            {
                Generation.One => "unknown user!",
                Generation.Two => "user not found!",
                _ => "User not found! Please check user exist or password is right!",
            },
        };
    }

    /// <summary>Says why a call is refused, over whichever transport; null where it may be made. Writes on the call who makes it.</summary>
    /// <param name="caller">The call.</param>
    /// <param name="access">What it does.</param>
    /// <param name="isOfClients">Whether it is one of the calls that clients make, which may be open to everybody.</param>
    /// <param name="isSigned">Whether a signature that the call carries is valid.</param>
    /// <param name="namespaces">The namespaces that it names.</param>
    public string? Refuse(ICaller caller, Access access, bool isOfClients, Func<SignatureCheck, bool> isSigned, Func<IEnumerable<string>> namespaces)
    {
        if (access == Access.None || (users is null && signatures is null)) return null;
        if (anonymousClient && isOfClients) return null;

        if (signatures is not null && isSigned(signatures))
        {
            caller.AccessKey = signatures.AccessKey;
            return null;
        }

        LoginResult login = users is null ? LoginResult.Refused(LoginOutcome.Anonymous) : Login(caller, users, generation);
        if (login.User is not { } user) return Text(Reason(login.Outcome, generation), code: 401);
        if (!IsAllowed(user, access, namespaces)) return Text("authorization failed!", code: 403);

        caller.User = user.Name;
        caller.Caller = user;
        return null;
    }

    private string Text(string reason, int code) => generation < Generation.Three ? reason : $"Code: {code}, Message: {reason}.";

    private static bool IsAllowed(UserEntry user, Access access, Func<IEnumerable<string>> namespaces)
    {
        if (user.Right == AccessRight.Admin) return true;
        if (access == Access.Admin) return false;

        return namespaces().All(tenant => user.Allows(access == Access.Write, tenant));
    }
}
