using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Protocol;

namespace Acm.Client;

/// <summary>The ways to servers that are ACM or Nacos: those of the dialect, once that is known.</summary>
internal sealed class AutoLinks(AutoDialect dialect) : IServerLinks, IServerKnowledge
{
    public ServerKnowledge? Known => (dialect.Found?.Links as IServerKnowledge)?.Known;

    public ValueTask<RequestProof?> GetProofAsync(CancellationToken cancellationToken) => dialect.Found is { } found ? found.Links.GetProofAsync(cancellationToken) : new(NotYet.Instance);

    // The dialect may have been found since the proof was asked for: then the link gets it.
    public IServerLink Open(ServerAddress server, RequestProof? proof, CallLog log) =>
        proof is not NotYet && dialect.Found is { } found ? found.Links.Open(server, proof, log) : new AutoLink(server, log, isAnonymous: false);

    public IServerLink OpenAnonymous(ServerAddress server, CallLog log) => dialect.Found is { } found ? found.Links.OpenAnonymous(server, log) : new AutoLink(server, log, isAnonymous: true);

    public string? ProxyFor(ServerAddress server) => dialect.ProxyFor(server);

    public void Dispose() => dialect.Dispose();

    /// <summary>Stands for the proof of a dialect that is not known yet.</summary>
    private sealed class NotYet : RequestProof
    {
        public static NotYet Instance { get; } = new();

        public override void ApplyTo(HttpRequestMessage message, WireRequest request) => throw new InvalidOperationException("A link of an unknown dialect sends nothing.");
    }
}
