using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Protocol;

namespace Acm.Client;

/// <summary>The ways to servers that are ACM or Nacos: those of the dialect, once that is known.</summary>
internal sealed class AutoLinks(AutoDialect dialect) : IServerLinks, IServerKnowledge
{
    public ServerKnowledge? Known => (dialect.Found?.Links as IServerKnowledge)?.Known;

    public ValueTask<IServerLink> OpenAsync(ServerAddress server, CallLog log, CancellationToken cancellationToken) =>
        dialect.Found is { } found ? found.Links.OpenAsync(server, log, cancellationToken) : new(new AutoLink(server, log, isAnonymous: false));

    public IServerLink OpenAnonymous(ServerAddress server, CallLog log) => dialect.Found is { } found ? found.Links.OpenAnonymous(server, log) : new AutoLink(server, log, isAnonymous: true);

    public string? ProxyFor(ServerAddress server) => dialect.ProxyFor(server);

    public void Dispose() => dialect.Dispose();
}
