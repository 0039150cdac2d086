using Acm.Client;
using Acm.Tests.Protocol.Nacos;
using Acm.Tests.Server;
using Acm.Tests.Support;

namespace Acm.Tests.History;

/// <summary>Test servers with a fake clock for each generation of Nacos and for ACM, and their clients.</summary>
internal static class HistoryServers
{
    public static readonly TheoryData<string> Dialects = ["Acm", "One", "Two", "Three", "ThreeTwo"];

    public static Task<RunningServer> StartAsync(string dialect, TimeProvider clock) => RunningServer.StartAsync(
        options => dialect == "Acm" ? options : options with { NacosGeneration = Enum.Parse<Acm.Server.Dialects.Nacos.Generation>(dialect) },
        clock);

    public static AcmClient Connect(string dialect, RunningServer server) => dialect == "Acm"
        ? Clients.With(new AcmClientOptions { Endpoint = server.Uri.Authority, Direct = true, NoSnapshot = true, TryTimeout = Clients.Deadline })
        : NacosServers.Connect(server);

    /// <summary>Returns whether the history includes type, tags and description.</summary>
    public static bool KeepsMetadata(string dialect) => dialect is not ("Acm" or "One");
}
