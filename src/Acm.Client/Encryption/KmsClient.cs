using Acm.Client.Calls;
using Acm.Client.CloudApi;
using Acm.Client.Credentials;
using Acm.Client.Http;

namespace Acm.Client.Encryption;

/// <summary>
/// Calls the three KMS operations (API 2016-01-20) that encrypted configurations need. Text is sent and received without Base64, as in all ACM
/// clients (acm-sdk-python 0.4.10, <c>client.py</c>), although the KMS documentation asks for Base64.
/// </summary>
internal sealed class KmsClient : IDisposable
{
    private readonly RpcClient _rpc;
    private readonly AcmCredentialSource _credentials;
    private readonly CallLog _log;

    public KmsClient(RpcService service, RpcClient rpc, AcmCredentialSource credentials, string keyId, CallLog log)
    {
        Service = service;
        KeyId = keyId;
        _rpc = rpc;
        _credentials = credentials;
        _log = log;
    }

    public RpcService Service { get; }

    public string KeyId { get; }

    public AcmCredentialSource Credentials => _credentials;

    /// <summary>Creates the client that the options specify; null if they do not use KMS.</summary>
    /// <exception cref="ArgumentException">An option is missing or not valid.</exception>
    public static KmsClient? From(AcmClientOptions options, AcmCredentialSource? connection, TimeProvider clock, Func<double> random)
    {
        if (options.Kms is not { } kms) return null;

        AcmCredentialSource credentials = kms.CredentialSource ?? (kms.Credential is { } keys ? new StaticCredentialSource(keys) : connection)
            ?? throw new ArgumentException("KMS needs credentials: specify credentials for KMS, or connect with credentials.", nameof(options));
        if (string.IsNullOrWhiteSpace(kms.KeyId)) throw new ArgumentException($"The KMS key ID is empty. The default is {AcmKmsOptions.DefaultKeyId}.", nameof(options));

        var service = new RpcService("KMS", "2016-01-20", RpcService.ParseAddress("KMS", kms.Endpoint ?? PublicEndpoint(kms.RegionId)));
        var rpc = new RpcClient(service, RpcClient.Trust(options.CaCertificatePath), options.TryTimeout, CallLimits.Total(options, options.TryTimeout), clock, random, ProxyRoute.From(options.Proxy));
        return new KmsClient(service, rpc, credentials, kms.KeyId, new CallLog(options.Log, null));
    }

    /// <summary>Encrypts a text and returns the opaque cipher text.</summary>
    public async Task<string> EncryptAsync(string text, CancellationToken cancellationToken)
    {
        using RpcAnswer answer = await CallAsync("Encrypt", [new("KeyId", KeyId), new("Plaintext", text)], KeyRefused, cancellationToken).ConfigureAwait(false);
        return answer.Required("CiphertextBlob");
    }

    /// <summary>Decrypts a result of <see cref="EncryptAsync"/> or <see cref="GenerateDataKeyAsync"/> and returns the text in UTF-8.</summary>
    public async Task<byte[]> DecryptAsync(string cipherText, CancellationToken cancellationToken)
    {
        using RpcAnswer answer = await CallAsync("Decrypt", [new("CiphertextBlob", cipherText)], CipherTextRefused, cancellationToken).ConfigureAwait(false);
        return answer.RequiredUtf8("Plaintext");
    }

    /// <summary>Generates a data key and returns it in Base64 and encrypted.</summary>
    /// <param name="spec"><c>AES_128</c> or <c>AES_256</c>.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<(byte[] Plaintext, string CipherText)> GenerateDataKeyAsync(string spec, CancellationToken cancellationToken)
    {
        using RpcAnswer answer = await CallAsync("GenerateDataKey", [new("KeyId", KeyId), new("KeySpec", spec)], KeyRefused, cancellationToken).ConfigureAwait(false);
        return (answer.RequiredUtf8("Plaintext"), answer.Required("CiphertextBlob"));
    }

    public void Dispose() => _rpc.Dispose();

    private static string PublicEndpoint(string? regionId)
    {
        if (string.IsNullOrEmpty(regionId)) throw new ArgumentException("KMS needs a region, such as cn-hangzhou, or an endpoint.", nameof(regionId));
        if (!regionId!.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-')) throw new ArgumentException($"The KMS region '{regionId}' is not valid: lowercase letters, digits and hyphens are expected, as in cn-hangzhou.", nameof(regionId));

        return $"kms.{regionId}.aliyuncs.com";
    }

    private async Task<RpcAnswer> CallAsync(string action, KeyValuePair<string, string>[] fields, Func<RpcRefusal, AcmException?> onRefusal, CancellationToken cancellationToken)
    {
        AcmCredential credential = await _credentials.GetAsync(cancellationToken).ConfigureAwait(false);
        bool tokenRefused = false;
        try
        {
            return await CallAsync(credential).ConfigureAwait(false);
        }
        catch (AcmException) when (tokenRefused)
        {
            // A refused call had no effect, so it is safe to send it again with renewed credentials.
            _credentials.Invalidate(credential);
            AcmCredential next = await _credentials.GetAsync(cancellationToken).ConfigureAwait(false);
            if (ReferenceEquals(next, credential)) throw;

            credential = next;
        }

        return await CallAsync(credential).ConfigureAwait(false);

        Task<RpcAnswer> CallAsync(AcmCredential with) => _rpc.CallAsync(new RpcCall { Action = action, Fields = fields, Credential = with, OnRefusal = Note }, _log, cancellationToken);

        AcmException? Note(RpcRefusal refusal)
        {
            tokenRefused |= refusal.IsAboutToken;
            return onRefusal(refusal);
        }
    }

    private AcmException? KeyRefused(RpcRefusal refusal) => AboutKey(refusal, $"'{KeyId}'") ?? Otherwise(refusal, "Check the key id.");

    private static AcmException? CipherTextRefused(RpcRefusal refusal) =>
        AboutKey(refusal, "that it was encrypted with")
        ?? Otherwise(refusal, "The cipher text may be damaged, or come from another account or region: connect with the region whose key encrypted it.");

    private static AcmException? AboutKey(RpcRefusal refusal, string which) => refusal.Code switch
    {
        "Forbidden.KeyNotFound" or "Forbidden.AliasNotFound" => refusal.Error(AcmErrorKind.DecryptFailed, $"The key {which} does not exist in this region or account.", "Check the key ID, the region and the account."),
        "Rejected.Disabled" => refusal.Error(AcmErrorKind.DecryptFailed, $"The key {which} is disabled.", "Enable the key in KMS."),
        "Rejected.PendingDeletion" => refusal.Error(AcmErrorKind.DecryptFailed, $"The key {which} is about to be deleted.", "Cancel its deletion in KMS."),
        "Rejected.Unavailable" => refusal.Error(AcmErrorKind.DecryptFailed, $"The key {which} can't be used now.", "Check the state of the key in KMS."),
        _ => null,
    };

    /// <summary>Maps the remaining refusals, which are not about credentials, permissions or availability, to invalid input.</summary>
    private static AcmException? Otherwise(RpcRefusal refusal, string advice)
    {
        AcmException error = refusal.ToError();
        return error.Kind == AcmErrorKind.InvalidResponse && refusal.Code.Length > 0 ? refusal.Error(AcmErrorKind.DecryptFailed, null, advice) : error;
    }
}
