using Acm.Client.Http;

namespace Acm.Client.Protocol.Nacos;

/// <summary>Adds the server identity header to requests. A rejected identity is not renewed.</summary>
internal sealed class IdentityAuthenticator(AcmServerIdentity identity) : IRequestAuthenticator
{
    private readonly Proof _proof = new(identity);

    public ValueTask<RequestProof> GetAsync(CancellationToken cancellationToken) => new(_proof);

    public ValueTask<RequestProof?> RenewAsync(WireResponse answer, CancellationToken cancellationToken) => new((RequestProof?)null);

    private sealed class Proof(AcmServerIdentity identity) : RequestProof
    {
        public override void ApplyTo(HttpRequestMessage message, WireRequest request) => message.Headers.TryAddWithoutValidation(identity.Key, identity.Value);

        public override string ToString() => "the server identity";
    }
}
