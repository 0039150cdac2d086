using System.Globalization;

namespace Acm.Client.Http;

/// <summary>
/// Signs requests with access keys ("Spas"), as ACM and the managed Nacos (MSE) require. If a server rejects temporary credentials (403), they are renewed once per request: their token may have
/// expired or been revoked.
/// </summary>
/// <param name="credentials">The source of access keys.</param>
/// <param name="clock">Source of time.</param>
/// <param name="region">The region that the signing key is derived for (signature version 4); null to sign with the secret key itself.</param>
internal sealed class SpasAuthenticator(AcmCredentialSource credentials, TimeProvider clock, string? region = null) : IRequestAuthenticator
{
    private Proof? _last;

    public async ValueTask<RequestProof> GetAsync(CancellationToken cancellationToken)
    {
        try
        {
            return ProofOf(await credentials.GetAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (Exception e) when (e is not (AcmException or OperationCanceledException))
        {
            // A custom source may throw any exception.
            throw new AcmException(AcmErrorKind.AuthenticationFailed, $"{credentials.Name} provided no credentials. {e.Message}", e) { IsFinal = true };
        }
    }

    public async ValueTask<RequestProof?> RenewAsync(WireResponse answer, CancellationToken cancellationToken)
    {
        if (answer.Status != 403 || answer.Proof is not Proof { Credential: { SecurityToken: not null } used }) return null;

        credentials.Invalidate(used);
        AcmCredential next = await credentials.GetAsync(cancellationToken).ConfigureAwait(false);
        return ReferenceEquals(next, used) ? null : ProofOf(next);
    }

    // One object per credential, usually one for the whole session.
    private Proof ProofOf(AcmCredential credential) =>
        _last is { } last && ReferenceEquals(last.Credential, credential) ? last : _last = new Proof(credential, credentials.Name, clock, region);

    private sealed class Proof(AcmCredential credential, string source, TimeProvider clock, string? region) : RequestProof
    {
        private Tuple<string, string>? _derived;

        public AcmCredential Credential => credential;

        public override void ApplyTo(HttpRequestMessage message, WireRequest request)
        {
            DateTimeOffset now = clock.GetUtcNow();
            string timeStamp = now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
            message.Headers.TryAddWithoutValidation("Spas-AccessKey", credential.AccessKey);
            message.Headers.TryAddWithoutValidation("timeStamp", timeStamp);
            if (!request.NamesKeyOnly) message.Headers.TryAddWithoutValidation("Spas-Signature", SpasSignature.Compute(KeyAt(now), SpasSignature.StringToSign(request.Tenant, request.Group, timeStamp)));
            if (credential.SecurityToken is { } token) message.Headers.TryAddWithoutValidation("Spas-SecurityToken", token);
            if (region is not null) message.Headers.TryAddWithoutValidation("signatureVersion", "v4");
        }

        public override string ToString() => source;

        // A derived key is valid for one day.
        private string KeyAt(DateTimeOffset now)
        {
            if (region is null) return credential.SecretKey;

            string date = now.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
            if (_derived is not { } derived || derived.Item1 != date) _derived = derived = Tuple.Create(date, SpasSignature.DeriveKey(credential.SecretKey, date, region));
            return derived.Item2;
        }
    }
}
