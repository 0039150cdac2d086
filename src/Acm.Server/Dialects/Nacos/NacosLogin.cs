using Acm.Server.Auth;
using Acm.Server.Http;

namespace Acm.Server.Dialects.Nacos;

/// <summary>The login: returns a token for a user name and password.</summary>
internal sealed class NacosLogin(Generation generation, UserDirectory? users, bool anonymousClient, IErrorFormat errors)
{
    private static readonly string[] FirstPaths = ["/v1/auth/users/login", "/v1/auth/login"];
    private const string ThirdPath = "/v3/auth/user/login";

    public IEnumerable<Route> Routes()
    {
        foreach (string path in FirstPaths) yield return Route(path);
        if (generation >= Generation.Three) yield return Route(ThirdPath);
    }

    private Route Route(string path) =>
        new("POST", path, errors, call => Task.FromResult(Login(call))) { Access = Access.None, Filter = NameFilter.None };

    private Answer Login(NacosCall call)
    {
        // Nacos 3 does not report which parameter is missing on its own path.
        bool isThirdPath = call.Path.EndsWith(ThirdPath, StringComparison.Ordinal);
        if (isThirdPath && (call["username"] is null || call["password"] is null)) return ErrorPages.Error(call, 500, "No message available");

        string name = call.Required("username");
        string password = call.Required("password");
        LoginResult login = users?.CheckPassword(name, password, call.ClientAddress) ?? LoginResult.Refused(LoginOutcome.UnknownUser);
        if (login.User is not { } user) return Refused(call, name, login.Outcome, isThirdPath);

        string old = LoginGuard.BearerToken(call);
        if (old.Length == 0) return Token(call, user, users!.Tokens.Make(user.Name), (long)users.Tokens.Life.TotalSeconds);

        // A login with a token returns the same token without renewing it.
        (LoginOutcome outcome, _, long left) = users!.Tokens.Read(old);
        if (outcome != LoginOutcome.Accepted) return Text(call, 403, LoginGuard.Reason(outcome, generation));

        // Nacos does not read the token's expiry if it does not authenticate clients.
        return Token(call, user, old, generation == Generation.One || anonymousClient ? (long)users.Tokens.Life.TotalSeconds : left);
    }

    private static Answer Token(NacosCall call, UserEntry user, string token, long seconds) => new()
    {
        ContentType = ErrorPages.DefaultType(call),
        Headers = [("Authorization", $"Bearer {token}")],
        Body = NacosJson.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("accessToken"u8, token);
            json.WriteNumber("tokenTtl"u8, seconds);
            json.WriteBoolean("globalAdmin"u8, user.Right == AccessRight.Admin);
            json.WriteString("username"u8, user.Name);
            json.WriteEndObject();
        }),
    };

    private Answer Refused(NacosCall call, string name, LoginOutcome outcome, bool isThirdPath)
    {
        if (outcome == LoginOutcome.TooManyTries) return Text(call, 403, "Too many logins failed, please try later.");

        bool isUnknown = outcome == LoginOutcome.UnknownUser && name.Length > 0;
        return generation switch
        {
            Generation.One => Text(call, 403, LoginGuard.Reason(outcome, generation)),
            Generation.Two => isUnknown ? errors.Answer(call, new FaultException(Fault.ServerError, $"User {name} not found")) : Text(call, 403, LoginGuard.Reason(outcome, generation)),
            _ when !isThirdPath => ErrorPages.Error(call, 500, "Handle API Compatibility failed, please see log for detail."),
            _ => isUnknown ? ErrorPages.Error(call, 403, "Access Denied") : ErrorPages.Error(call, 500, "No message available"),
        };
    }

    private static Answer Text(NacosCall call, int status, string text) => Answer.Text(status, text, TextType(call));

    private static string TextType(NacosCall call) => ErrorPages.WantsHtml(call) ? "text/html;charset=UTF-8" : "text/plain;charset=UTF-8";
}
