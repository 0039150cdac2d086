using System.Text.Json;
using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Links;
using Acm.Client.Text;

namespace Acm.Client.Protocol.Nacos;

/// <summary>Logs in. User name and password are sent in the body, and never with an old token, which servers would return unchanged.</summary>
internal static class NacosLogin
{
    /// <summary>The lifetime of a token if the response has none: Nacos's default of five hours.</summary>
    private const long UsualSeconds = 18_000;

    /// <exception cref="AcmException"><see cref="AcmErrorKind.AuthenticationFailed"/>: the login was rejected. The status is not conclusive: some versions answer 403 to a wrong password, others 500.</exception>
    public static async Task<NacosToken> RunAsync(HttpLink anonymous, NacosServer server, AcmCredential user, TimeProvider clock, CancellationToken cancellationToken)
    {
        DateTimeOffset asked = clock.GetUtcNow();
        WireResponse response = await anonymous.SendAsync(Request(server.HasV3 ? "/nacos/v3/auth/user/login" : "/nacos/v1/auth/users/login", user), cancellationToken).ConfigureAwait(false);
        if (server.HasV3 && response.Status is 404 or 501) response = await anonymous.SendAsync(Request("/nacos/v1/auth/users/login", user), cancellationToken).ConfigureAwait(false);

        if (response.Status is 429 or 502 or 503 or 504) throw NacosErrors.For(response, "", "Logging in", key: null);

        JsonElement login = NacosAnswer.Of(response).Root ?? default;
        if (response.Status == 200 && JsonText.Text(login, "accessToken") is { Length: > 0 } token && token.All(c => c is > ' ' and <= '~'))
        {
            long seconds = NacosAnswer.Number(login, "tokenTtl") is { } told and > 0 ? told : UsualSeconds;
            return new NacosToken(token, asked + TimeSpan.FromSeconds(0.9 * Math.Min(seconds, int.MaxValue)));
        }

        throw new AcmException(AcmErrorKind.AuthenticationFailed, $"{response.Server} refused the login of '{ForeignText.Clean(user.AccessKey)}' ({response.Status}).")
        {
            Advice = "Check the user name and password. If the user is new, the password was just changed, or the server has just started, wait 15 s and try again.",
            IsFinal = true,
        };
    }

    private static WireRequest Request(string path, AcmCredential user) => new()
    {
        Kind = CallKind.Address,
        Method = HttpMethod.Post,
        PathAndQuery = path,
        Body = new FormEncoder().Add("username", user.AccessKey).Add("password", user.SecretKey).ToBytes(),
        ContentType = NacosRequests.FormType,
        MaxAnswer = 1024 * 1024,
        Subject = "a login",
    };
}
