using Acm.Client;
using Acm.Tests.Protocol.Nacos;
using Acm.Tests.Server;
using Acm.Tests.Support;

namespace Acm.Tests.History;

/// <summary>Our own server with a clock that the test sets, and clients of it: each generation of Nacos, and ACM.</summary>
internal static class HistoryServers
{
    public static readonly TheoryData<string> Dialects = ["Acm", "One", "Two", "Three", "ThreeTwo"];

    public static Task<RunningServer> StartAsync(string dialect, TimeProvider clock) => RunningServer.StartAsync(
        options => dialect == "Acm" ? options : options with { NacosGeneration = Enum.Parse<Acm.Server.Dialects.Nacos.Generation>(dialect) },
        clock);

    public static AcmClient Connect(string dialect, RunningServer server) => dialect == "Acm"
        ? Clients.With(new AcmClientOptions { Endpoint = server.Uri.Authority, Direct = true, NoSnapshot = true, TryTimeout = Clients.Deadline })
        : NacosServers.Connect(server);

    /// <summary>Whether the rows of a history have a place for type, tags and description.</summary>
    public static bool KeepsMetadata(string dialect) => dialect is not ("Acm" or "One");
}
