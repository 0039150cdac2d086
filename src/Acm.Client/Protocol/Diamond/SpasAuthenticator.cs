using System.Globalization;
using Acm.Client.Http;

namespace Acm.Client.Protocol.Diamond;

/// <summary>
/// Signs requests with access keys ("Spas"). Temporary ones that a server refuses (403) are asked for anew, once a request: their token may have ended, or been taken back.
/// </summary>
internal sealed class SpasAuthenticator(AcmCredentialSource credentials, TimeProvider clock) : IRequestAuthenticator
{
    private Proof? _last;

    public async ValueTask<RequestProof> GetAsync(CancellationToken cancellationToken) =>
        ProofOf(await credentials.GetAsync(cancellationToken).ConfigureAwait(false));

    public async ValueTask<RequestProof?> RenewAsync(WireResponse answer, CancellationToken cancellationToken)
    {
        if (answer.Status != 403 || answer.Proof is not Proof { Credential: { SecurityToken: not null } used }) return null;

        credentials.Invalidate(used);
        AcmCredential next = await credentials.GetAsync(cancellationToken).ConfigureAwait(false);
        return ReferenceEquals(next, used) ? null : ProofOf(next);
    }

    // One object a credential: as a rule that is one for the whole session.
    private Proof ProofOf(AcmCredential credential) =>
        _last is { } last && ReferenceEquals(last.Credential, credential) ? last : _last = new Proof(credential, credentials.Name, clock);

    private sealed class Proof(AcmCredential credential, string source, TimeProvider clock) : RequestProof
    {
        public AcmCredential Credential => credential;

        public override void ApplyTo(HttpRequestMessage message, WireRequest request)
        {
            string timeStamp = clock.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
            message.Headers.TryAddWithoutValidation("Spas-AccessKey", credential.AccessKey);
            message.Headers.TryAddWithoutValidation("timeStamp", timeStamp);
            if (!request.NamesKeyOnly) message.Headers.TryAddWithoutValidation("Spas-Signature", SpasSignature.Compute(credential.SecretKey, SpasSignature.StringToSign(request.Tenant, request.Group, timeStamp)));
            if (credential.SecurityToken is { } token) message.Headers.TryAddWithoutValidation("Spas-SecurityToken", token);
        }

        public override string ToString() => source;
    }
}
