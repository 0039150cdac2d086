using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Protocol;

namespace Acm.Tests.Watching;

/// <summary>Connects to scripted servers.</summary>
/// <param name="open">Returns the connection to a server; throws if connecting fails.</param>
internal sealed class ScriptedPushLinks(Func<ServerAddress, ScriptedPushLink> open) : IPushLinks
{
    /// <summary>Gets the servers of all connection attempts.</summary>
    public List<string> Opened { get; } = [];

    /// <summary>What a connection waits for, by server. It then comes although nobody may want it any more.</summary>
    public Func<ServerAddress, Task> Until { get; init; } = _ => Task.CompletedTask;

    public async Task<IPushLink> OpenAsync(ServerAddress server, string @namespace, CallLog log, CancellationToken cancellationToken)
    {
        Opened.Add(server.Text);
        await Until(server);
        return open(server);
    }
}
