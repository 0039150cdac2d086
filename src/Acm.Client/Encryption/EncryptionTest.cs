using System.Runtime.CompilerServices;
using System.Text;
using Acm.Client.Calls;

namespace Acm.Client.Encryption;

/// <summary>Tests encryption in steps, one row each: options, credentials, the three KMS operations, and a round trip.</summary>
internal sealed class EncryptionTest
{
    /// <summary>Characters that some clients corrupt: Base64 look-alikes, characters that URLs escape, and characters that GBK lacks.</summary>
    private const string Sample = "a&b=c+d/e %41 中文😀";

    /// <summary>The advice for failures without advice of their own: no response, or none from KMS.</summary>
    private const string CheckTheWay = "Check the KMS endpoint, and any proxy or firewall in between.";

    private readonly KmsClient? _kms;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _limit;

    /// <param name="kms">The KMS client; null for none.</param>
    /// <param name="clock">Source of time.</param>
    /// <param name="limit">Time-out of a step.</param>
    public EncryptionTest(KmsClient? kms, TimeProvider clock, TimeSpan limit)
    {
        _kms = kms;
        _clock = clock;
        _limit = limit;
    }

    public async IAsyncEnumerable<ConnectionCheck> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_kms is not { } kms)
        {
            yield return new ConnectionCheck { Check = "Options", Target = "KMS", Status = CheckStatus.Failed, Detail = "this connection has no KMS", Cure = "Connect with KMS and its region.", Option = nameof(AcmClientOptions.Kms) };
            foreach (string step in new[] { "Credential", "GenerateDataKey", "Encrypt", "Decrypt", "RoundTrip" }) yield return CheckStep.Skipped(step, "KMS", "no KMS is configured");
            yield break;
        }

        string target = kms.Service.Address.Text;
        yield return new ConnectionCheck { Check = "Options", Target = target, Status = CheckStatus.Passed, Detail = $"key {kms.KeyId}" };

        ConnectionCheck credential = await StepAsync("Credential", async token =>
        {
            AcmCredential now = await kms.Credentials.GetAsync(token).ConfigureAwait(false);
            return now.Expires is { } expires ? $"from {kms.Credentials.Name}, until {expires:u}" : $"from {kms.Credentials.Name}";
        }, "Check where the credentials come from.").ConfigureAwait(false);
        yield return credential;
        if (credential.Status == CheckStatus.Failed)
        {
            foreach (string step in new[] { "GenerateDataKey", "Encrypt", "Decrypt", "RoundTrip" }) yield return CheckStep.Skipped(step, target, "no credential is available");
            yield break;
        }

        string? dataKey = null;
        yield return await StepAsync("GenerateDataKey", async token =>
        {
            (byte[] plaintext, string cipherText) = await kms.GenerateDataKeyAsync("AES_128", token).ConfigureAwait(false);
            using DataKey? key = DataKey.FromBase64(plaintext);
            Array.Clear(plaintext, 0, plaintext.Length);
            if (key is null) throw new AcmException(AcmErrorKind.InvalidResponse, "KMS returned a key that does not have 16 or 32 bytes");

            dataKey = cipherText;
            return $"returned a key of {key.Bytes.Length} bytes";
        }, CheckTheWay).ConfigureAwait(false);

        string? cipher = null;
        yield return await StepAsync("Encrypt", async token =>
        {
            cipher = await kms.EncryptAsync(Sample, token).ConfigureAwait(false);
            return $"returned cipher text of {cipher.Length} characters";
        }, CheckTheWay).ConfigureAwait(false);

        if (cipher is null && dataKey is null)
        {
            yield return CheckStep.Skipped("Decrypt", target, "nothing to decrypt");
            yield return CheckStep.Skipped("RoundTrip", target, "nothing to compare");
            yield break;
        }

        string? text = null;
        bool keyIsKey = false;
        yield return await StepAsync("Decrypt", async token =>
        {
            if (cipher is not null) text = Encoding.UTF8.GetString(await kms.DecryptAsync(cipher, token).ConfigureAwait(false));
            if (dataKey is not null)
            {
                byte[] plaintext = await kms.DecryptAsync(dataKey, token).ConfigureAwait(false);
                using DataKey? key = DataKey.FromBase64(plaintext);
                Array.Clear(plaintext, 0, plaintext.Length);
                keyIsKey = key is not null;
            }

            return cipher is null ? "decrypted the data key" : dataKey is null ? "decrypted the text" : "decrypted the text and the data key";
        }, CheckTheWay).ConfigureAwait(false);

        if (text is null && !keyIsKey)
        {
            yield return CheckStep.Skipped("RoundTrip", target, "nothing was decrypted");
            yield break;
        }

        bool same = (cipher is null || text == Sample) && (dataKey is null || keyIsKey);
        yield return new ConnectionCheck
        {
            Check = "RoundTrip",
            Target = target,
            Status = same ? CheckStatus.Passed : CheckStatus.Failed,
            Detail = same ? "the decrypted text equals the original" : "the decrypted text differs from the original",
            Cure = same ? "" : "This endpoint alters the text. Check that it is KMS itself, or use the prefix 'cipher-kms-aes-128-', which sends it no text.",
        };

        Task<ConnectionCheck> StepAsync(string check, Func<CancellationToken, Task<string>> step, string cure) =>
            CheckStep.RunAsync(_clock, _limit, check, target, step, cure, cancellationToken);
    }
}
