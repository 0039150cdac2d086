using Acm.Client;
using Acm.Server.Auth;
using Acm.Server.Dialects.Nacos;
using Acm.Tests.Server;
using Acm.Tests.Support;

namespace Acm.Tests.Protocol.Nacos;

/// <summary>Our own server as each generation of Nacos, and clients of it.</summary>
internal static class NacosServers
{
    /// <summary>What each user's password is made of.</summary>
    private const string Password = "pw-canary-";

    public static readonly TheoryData<string> Generations = ["One", "Two", "Three", "ThreeTwo"];

    /// <summary>A server.</summary>
    /// <param name="generation">Which Nacos it is.</param>
    /// <param name="users">Who may log in, as <c>name=right</c>; none for a server that asks nobody.</param>
    public static Task<RunningServer> StartAsync(string generation, params string[] users) => RunningServer.StartAsync(options => options with
    {
        NacosGeneration = Enum.Parse<Generation>(generation),
        Users = [.. users.Select(UserEntry.Parse)],
        Passwords = users.Select(UserEntry.Parse).ToDictionary(user => user.Name, user => Password + user.Name),
    });

    /// <param name="server">Whom to connect to.</param>
    /// <param name="user">Who logs in; null for nobody.</param>
    /// <param name="password">His password; null for the right one.</param>
    /// <param name="log">Where its lines go.</param>
    /// <param name="grpcPort">Its gRPC port; null for the usual one.</param>
    public static AcmClient Connect(RunningServer server, string? user = null, string? password = null, IAcmLog? log = null, int? grpcPort = null) => Clients.With(new AcmClientOptions
    {
        Endpoint = server.Uri.Authority,
        Direct = true,
        ServerType = AcmServerType.Nacos,
        NoSnapshot = true,
        TryTimeout = Clients.Deadline,
        Credential = user is null ? null : new AcmCredential(user, password ?? Password + user),
        GrpcPort = grpcPort,
        Log = log,
    });
}
