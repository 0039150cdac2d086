using Acm.Server.Auth;
using Acm.Server.Http;

namespace Acm.Server.Dialects.Nacos;

/// <summary>Authorizes calls that are signed with the access key, or made by a user with the permission. Without keys and users, every call is allowed.</summary>
internal sealed class LoginGuard(Generation generation, UserDirectory? users, SignatureCheck? signatures, bool anonymousClient)
{
    private const string BearerPrefix = "Bearer ";

    /// <summary>Authorizes a call and stores the caller in it.</summary>
    /// <returns>The error response; null if the call is allowed.</returns>
    public Answer? Refuse(NacosCall call)
    {
        // Nacos 1 and 2 have one setting for all calls; Nacos 3 has a separate one for the admin API.
        bool isOfClients = generation < Generation.Three || !call.Route.Path.StartsWith("/v3/admin/", StringComparison.Ordinal);

        // From Nacos 3.2 on, the admin API requires an administrator; a permission for the namespace is not enough.
        Access access = !isOfClients && generation >= Generation.ThreeTwo && call.Route.Access != Access.None ? Access.Admin : call.Route.Access;
        string? reason = Refuse(
            call,
            access,
            isOfClients,
            check => check.IsValid(Claim.Of(call.Headers), call.Namespace, call.Group),
            () => call.Route.Namespaces?.Invoke(call) ?? [call.Tenant]);
        return reason is null ? null : ErrorPages.Error(call, 403, reason);
    }

    /// <summary>Authenticates the caller by its credentials, in the order of Nacos.</summary>
    public static LoginResult Login(ICaller call, UserDirectory users, Generation generation)
    {
        // Nacos 1 reads the token from the Authorization header, and everything else from parameters only.
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

    /// <summary>Returns the bearer token of the <c>Authorization</c> header; empty if there is none.</summary>
    public static string BearerToken(ICaller call)
    {
        string header = call.Headers.Authorization.ToString();
        return header.StartsWith(BearerPrefix, StringComparison.Ordinal) ? header[BearerPrefix.Length..].Trim() : "";
    }

    /// <summary>Returns the message of Nacos for a failed login.</summary>
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

    /// <summary>Authorizes a call over either transport and stores the caller in it.</summary>
    /// <param name="caller">The call.</param>
    /// <param name="access">The permission that it needs.</param>
    /// <param name="isOfClients">Whether it belongs to the client API, which may allow anonymous calls.</param>
    /// <param name="isSigned">Returns whether the call has a valid signature.</param>
    /// <param name="namespaces">Returns the namespaces of the call.</param>
    /// <returns>The reason for a refusal; null if the call is allowed.</returns>
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
