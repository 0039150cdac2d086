using Acm.Client;
using Acm.Tests.Support;

namespace Acm.Tests.Protocol.Nacos;

/// <summary>A scripted Nacos server that reports its version and accepts every login; the test provides all other responses.</summary>
internal static class ScriptedNacos
{
    public static ScriptedServer Start(string version, Func<ScriptedRequest, ScriptedReply> answer) => new(request => request.Target switch
    {
        "/nacos/v3/admin/core/state" => version[0] >= '3' ? Json(200, $$$"""{"code":0,"data":{"version":"{{{version}}}"}}""") : ScriptedReply.Status(404),
        "/nacos/v1/console/server/state" => Json(200, $$"""{"version":"{{version}}"}"""),
        _ when IsLogin(request) && !request.Body.Contains("wrong", StringComparison.Ordinal) => Json(200, """{"accessToken":"token","tokenTtl":18000}"""),
        _ when IsLogin(request) => ScriptedReply.Status(403),
        _ => answer(request),
    });

    public static bool IsLogin(ScriptedRequest request) => request.Target.Contains("/login", StringComparison.Ordinal);

    public static ScriptedReply Json(int status, string body) => ScriptedReply.Text(status, "application/json", body);

    public static AcmClient Connect(ScriptedServer server, AcmCredential? user = null, TimeProvider? clock = null, IAcmLog? log = null) =>
        Clients.With(Clients.Options(server) with { ServerType = AcmServerType.Nacos, TryTimeout = Clients.Deadline, Credential = user, Log = log }, clock);
}
