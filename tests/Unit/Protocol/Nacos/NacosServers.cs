using Acm.Client;
using Acm.Server.Auth;
using Acm.Server.Dialects.Nacos;
using Acm.Tests.Server;
using Acm.Tests.Support;

namespace Acm.Tests.Protocol.Nacos;

/// <summary>Test servers for each Nacos generation, and their clients.</summary>
internal static class NacosServers
{
    /// <summary>The suffix of each user's password.</summary>
    private const string Password = "pw-canary-";

    public static readonly TheoryData<string> Generations = ["One", "Two", "Three", "ThreeTwo"];

    /// <summary>Starts a server.</summary>
    /// <param name="generation">The emulated Nacos generation.</param>
    /// <param name="users">The users as <c>name=right</c>; none for a server without authentication.</param>
    public static Task<RunningServer> StartAsync(string generation, params string[] users) => RunningServer.StartAsync(options => options with
    {
        NacosGeneration = Enum.Parse<Generation>(generation),
        Users = [.. users.Select(UserEntry.Parse)],
        Passwords = users.Select(UserEntry.Parse).ToDictionary(user => user.Name, user => Password + user.Name),
    });

    /// <param name="server">The server.</param>
    /// <param name="user">The user; null for no login.</param>
    /// <param name="password">The password; null for the correct one.</param>
    /// <param name="log">The log.</param>
    /// <param name="grpcPort">The gRPC port; null for the default.</param>
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
