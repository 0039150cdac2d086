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
        if (call.Route.Access == Access.None || (users is null && signatures is null)) return null;

        // The first two generations have one switch for everything; the third has one of its own for the calls of administrators.
        bool isClientCall = generation < Generation.Three || !call.Route.Path.StartsWith("/v3/admin/", StringComparison.Ordinal);
        if (anonymousClient && isClientCall) return null;

        if (signatures?.IsValid(Claim.Of(call.Headers), call.Namespace, call.Group) == true)
        {
            call.AccessKey = signatures.AccessKey;
            return null;
        }

        LoginResult login = users is null ? LoginResult.Refused(LoginOutcome.Anonymous) : Login(call, users, generation);
        if (login.User is not { } user) return Forbidden(call, Reason(login.Outcome, generation), code: 401);
        if (!IsAllowed(user, call)) return Forbidden(call, "authorization failed!", code: 403);

        call.User = user.Name;
        call.Caller = user;
        return null;
    }

    /// <summary>Says who makes the call by what it carries, in the order in which the real servers look.</summary>
    public static LoginResult Login(NacosCall call, UserDirectory users, Generation generation)
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

        string Value(string parameter) => call.TextOrBlank(parameter) is { Length: > 0 } given ? given : readsHeaders ? call.Header(parameter) : "";
    }

    /// <summary>The token of the header; blank where there is none.</summary>
    public static string BearerToken(NacosCall call)
    {
        string header = call.Header("Authorization");
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

    private Answer Forbidden(NacosCall call, string reason, int code) =>
        Pages.Error(call, 403, generation < Generation.Three ? reason : $"Code: {code}, Message: {reason}.");

    private static bool IsAllowed(UserEntry user, NacosCall call)
    {
        if (user.Right == AccessRight.Admin) return true;
        if (call.Route.Access == Access.Admin) return false;

        IEnumerable<string> namespaces = call.Route.Namespaces?.Invoke(call) ?? [call.Tenant];
        return namespaces.All(tenant => user.Allows(call.Route.Access == Access.Write, tenant));
    }
}
