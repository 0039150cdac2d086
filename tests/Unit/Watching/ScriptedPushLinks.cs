using Acm.Client;
using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Protocol;

namespace Acm.Tests.Watching;

/// <summary>Connects to servers that are in the test only.</summary>
/// <param name="open">The connection to a server; throws where there is none.</param>
internal sealed class ScriptedPushLinks(Func<ServerAddress, ScriptedPushLink> open) : IPushLinks
{
    /// <summary>The servers that were connected to so far, or tried.</summary>
    public List<string> Opened { get; } = [];

    public Task<IPushLink> OpenAsync(ServerAddress server, string @namespace, CallLog log, CancellationToken cancellationToken)
    {
        Opened.Add(server.Text);
        try
        {
            return Task.FromResult<IPushLink>(open(server));
        }
        catch (AcmException e)
        {
            return Task.FromException<IPushLink>(e);
        }
    }
}
