using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Protocol;

namespace Acm.Client;

/// <summary>Opens links to servers that are ACM or Nacos, with the links of the dialect once it is known.</summary>
internal sealed class AutoLinks(AutoDialect dialect) : IServerLinks, IServerKnowledge
{
    public ServerKnowledge? Known => (dialect.Found?.Links as IServerKnowledge)?.Known;

    public ValueTask<RequestProof?> GetProofAsync(CancellationToken cancellationToken) => dialect.Found is { } found ? found.Links.GetProofAsync(cancellationToken) : new(NotYet.Instance);

    // If the dialect was detected after the credentials were requested, the link requests them itself.
    public IServerLink Open(ServerAddress server, RequestProof? proof, CallLog log) =>
        proof is not NotYet && dialect.Found is { } found ? found.Links.Open(server, proof, log) : new AutoLink(server, log, isAnonymous: false);

    public IServerLink OpenAnonymous(ServerAddress server, CallLog log) => dialect.Found is { } found ? found.Links.OpenAnonymous(server, log) : new AutoLink(server, log, isAnonymous: true);

    public string? ProxyFor(ServerAddress server) => dialect.ProxyFor(server);

    public void Dispose() => dialect.Dispose();

    /// <summary>Replaces the credentials while the dialect is unknown.</summary>
    private sealed class NotYet : RequestProof
    {
        public static NotYet Instance { get; } = new();

        public override void ApplyTo(HttpRequestMessage message, WireRequest request) => throw new InvalidOperationException("A link of an unknown dialect sends nothing.");
    }
}
