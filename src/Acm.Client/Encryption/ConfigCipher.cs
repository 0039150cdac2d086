using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Acm.Client.Protocol;
using Acm.Client.Text;

namespace Acm.Client.Encryption;

/// <summary>
/// Encrypts and decrypts configurations, on top of failover files, snapshots and servers, which all contain the stored form. Thread-safe.
/// </summary>
internal sealed class ConfigCipher : IDisposable
{
    /// <summary>Maximum size that KMS encrypts directly, in bytes of UTF-8.</summary>
    public const int MaxDirectBytes = 6144;

    private readonly KmsDecryptor? _decryptor;
    private readonly TimeProvider _clock;

    /// <param name="kms">The KMS client; null for none.</param>
    /// <param name="clock">Source of time.</param>
    public ConfigCipher(KmsClient? kms, TimeProvider clock)
    {
        Kms = kms;
        _clock = clock;
        _decryptor = kms is null ? null : new KmsDecryptor(kms, clock);
    }

    public KmsClient? Kms { get; }

    /// <summary>Returns whether a configuration may be encrypted.</summary>
    public static bool Concerns(ConfigKey key) => CipherPrefix.SchemeOf(key.DataId) != CipherScheme.None;

    /// <summary>
    /// Returns the configuration with decrypted content; raw content, bytes and MD5 stay unchanged. Returns the same object if it is not encrypted or
    /// the call skips decryption. Without KMS, the content is the cipher text, with a warning.
    /// </summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.DecryptFailed"/>, or the kind of a failed KMS call.</exception>
    public ValueTask<AcmConfig> OpenAsync(AcmConfig config, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        CipherScheme scheme = CipherPrefix.SchemeOf(config.DataId);
        if (scheme == CipherScheme.None || call?.NoDecrypt == true || config.IsOpen) return new ValueTask<AcmConfig>(config);
        if (IsPlainFailover(config)) return new ValueTask<AcmConfig>(config.With(config.RawContent, $"The failover file of '{config.Key}' does not hold cipher text and is used as it is."));
        if (_decryptor is null) return new ValueTask<AcmConfig>(config.With(config.RawContent, $"'{config.Key}' is encrypted, and this connection has no KMS: its content is the cipher text."));

        return new ValueTask<AcmConfig>(OpenAsync(config, scheme, call?.Log, cancellationToken));
    }

    /// <summary>Decrypts several results in parallel; a failure replaces only its own result.</summary>
    public async Task OpenAsync(ConfigResult[] results, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        if (call?.NoDecrypt == true || !results.Any(result => result.Config is not null && Concerns(result.Key))) return;

        await Task.WhenAll(Enumerable.Range(0, results.Length).Select(OpenOneAsync)).ConfigureAwait(false);

        async Task OpenOneAsync(int place)
        {
            if (results[place].Config is not { } config) return;

            try
            {
                results[place] = new ConfigResult(results[place].Key, await OpenAsync(config, call, cancellationToken).ConfigureAwait(false));
            }
            catch (AcmException e)
            {
                results[place] = new ConfigResult(results[place].Key, e);
            }
        }
    }

    /// <summary>Returns whether a configuration is encrypted when it is published.</summary>
    public bool Encrypts(ConfigKey key) => _decryptor is not null && Concerns(key);

    /// <summary>Returns why content cannot be published, as far as that is known without calling KMS; null if it can.</summary>
    public AcmException? Refusal(ConfigKey key, string content, PublishOptions? options)
    {
        CipherScheme scheme = CipherPrefix.SchemeOf(key.DataId);
        if (scheme == CipherScheme.None) return null;

        try
        {
            if (options?.IsRaw == true)
            {
                RefuseClearText(content, options);
                return null;
            }

            BlankContent.Refuse(content);
            if (_decryptor is null)
            {
                if (options?.AllowPlaintext != true) throw NoKms();
            }
            else if (scheme == CipherScheme.Direct)
            {
                RefuseLong(content);
            }

            return null;
        }
        catch (AcmException e)
        {
            return new AcmException(e.Kind, $"'{key}' can't be published. {e.Message}", e) { Key = key, Advice = e.Advice };
        }
    }

    /// <summary>Encrypts content to publish, if its data ID requires it.</summary>
    /// <exception cref="AcmException">
    /// <see cref="AcmErrorKind.ContentTooLarge"/>, <see cref="AcmErrorKind.InvalidContent"/>, or the kind of a failed KMS call. Nothing was published.
    /// </exception>
    public async ValueTask<SealedContent> SealAsync(ConfigKey key, string content, PublishOptions? options, CancellationToken cancellationToken)
    {
        if (Refusal(key, content, options) is { } refusal) throw refusal;

        CipherScheme scheme = CipherPrefix.SchemeOf(key.DataId);
        if (options?.IsRaw == true) return new SealedContent(content, options.EncryptedDataKey);
        if (scheme == CipherScheme.None || _decryptor is null) return new SealedContent(content, null);

        try
        {
            return scheme == CipherScheme.Direct
                ? await SealDirectAsync(content, cancellationToken).ConfigureAwait(false)
                : await SealEnvelopeAsync(content, scheme, cancellationToken).ConfigureAwait(false);
        }
        catch (AcmException e)
        {
            throw new AcmException(e.Kind, $"'{key}' was not published. {e.Message}", e) { Key = key, Advice = e.Advice };
        }
    }

    public void Dispose()
    {
        _decryptor?.Dispose();
        Kms?.Dispose();
    }

    /// <summary>
    /// Returns whether a failover file contains plain text, which is allowed for a KMS outage. Only text that cannot be cipher text, and has no data key, is treated as plain text.
    /// </summary>
    private static bool IsPlainFailover(AcmConfig config) =>
        config.Source == ConfigSource.Failover && config.EncryptedDataKey is null && !CipherText.CanBeDirect(config.RawContent.Trim());

    private async Task<AcmConfig> OpenAsync(AcmConfig config, CipherScheme scheme, IAcmLog? log, CancellationToken cancellationToken)
    {
        long started = _clock.GetTimestamp();
        try
        {
            string cipherText = config.RawContent.Trim();

            // Empty content is never encrypted. Servers do not store it, but a failover file may be empty.
            if (cipherText.Length == 0) return config;

            // Clients without envelope support encrypt these directly, without a data key.
            string text = scheme == CipherScheme.Direct || config.EncryptedDataKey is null
                ? await OpenDirectAsync(cipherText, scheme, cancellationToken).ConfigureAwait(false)
                : await OpenEnvelopeAsync(cipherText, config.EncryptedDataKey, cancellationToken).ConfigureAwait(false);
            if (log?.IsEnabled(AcmLogLevel.Verbose) == true) log.Write(AcmLogLevel.Verbose, string.Format(CultureInfo.InvariantCulture, "{0} was decrypted after {1:0.0} ms", config.Key, _clock.GetElapsedTime(started).TotalMilliseconds));
            return config.With(text, warning: null);
        }
        catch (AcmException e)
        {
            throw new AcmException(e.Kind, $"'{config.Key}' could not be decrypted. {e.Message}", e) { Key = config.Key, Advice = e.Advice };
        }
    }

    private async Task<string> OpenDirectAsync(string cipherText, CipherScheme scheme, CancellationToken cancellationToken)
    {
        if (!CipherText.CanBeDirect(cipherText))
        {
            throw new AcmException(AcmErrorKind.DecryptFailed, scheme == CipherScheme.Direct ? "The stored content is not cipher text." : "The stored content is not cipher text of KMS, and has no encrypted data key.")
            {
                Advice = "It may have been published unencrypted. Read it without decryption, then publish it again to encrypt it.",
            };
        }

        byte[] text = await _decryptor!.DecryptAsync(cipherText, cancellationToken).ConfigureAwait(false);
        try
        {
            return Decode(text);
        }
        finally
        {
            Array.Clear(text, 0, text.Length);
        }
    }

    private async Task<string> OpenEnvelopeAsync(string cipherText, string encryptedDataKey, CancellationToken cancellationToken)
    {
        if (!CipherText.TryDecode(cipherText, out byte[] bytes)) throw NotOfItsKey("is not Base64");

        byte[] keyText = await _decryptor!.DecryptAsync(encryptedDataKey, cancellationToken).ConfigureAwait(false);
        byte[] text = [];
        try
        {
            using DataKey key = DataKey.FromBase64(keyText) ?? throw new AcmException(AcmErrorKind.DecryptFailed, "KMS decrypted the data key to something other than 16 or 32 bytes.") { Advice = "The data key may belong to another configuration." };
            text = EnvelopeCipher.Decrypt(key.Bytes, bytes);
            return Decode(text);
        }
        catch (CryptographicException)
        {
            throw NotOfItsKey("does not fit the data key beside it");
        }
        finally
        {
            Array.Clear(keyText, 0, keyText.Length);
            Array.Clear(text, 0, text.Length);
        }
    }

    private async Task<SealedContent> SealDirectAsync(string content, CancellationToken cancellationToken)
    {
        byte[] text = Encode(content);
        try
        {
            string cipherText = await Kms!.EncryptAsync(content, cancellationToken).ConfigureAwait(false);
            _decryptor!.Remember(cipherText, text);
            return new SealedContent(cipherText, null);
        }
        finally
        {
            Array.Clear(text, 0, text.Length);
        }
    }

    private async Task<SealedContent> SealEnvelopeAsync(string content, CipherScheme scheme, CancellationToken cancellationToken)
    {
        byte[] text = Encode(content);
        byte[] keyText = [];
        try
        {
            (keyText, string encryptedDataKey) = await Kms!.GenerateDataKeyAsync(scheme == CipherScheme.Envelope128 ? "AES_128" : "AES_256", cancellationToken).ConfigureAwait(false);
            using DataKey key = DataKey.FromBase64(keyText) ?? throw new AcmException(AcmErrorKind.InvalidResponse, "KMS returned a data key that does not have 16 or 32 bytes.");
            _decryptor!.Remember(encryptedDataKey, keyText);
            return new SealedContent(Convert.ToBase64String(EnvelopeCipher.Encrypt(key.Bytes, text)), encryptedDataKey);
        }
        finally
        {
            Array.Clear(keyText, 0, keyText.Length);
            Array.Clear(text, 0, text.Length);
        }
    }

    private static AcmException NoKms() =>
        new(AcmErrorKind.InvalidContent, $"A data ID that begins with '{CipherPrefix.Direct}' is stored encrypted, and this connection has no KMS to encrypt it with.")
        {
            Advice = "Connect with KMS. Without KMS, publish cipher text as it is, or allow unencrypted content.",
            Option = nameof(AcmClientOptions.Kms),
        };

    private static AcmException NotOfItsKey(string problem) =>
        new(AcmErrorKind.DecryptFailed, $"The content {problem}.") { Advice = "The content and the data key may come from different publishes, or be damaged. Publish the configuration again, or restore both together." };

    /// <summary>Rejects raw content that is not cipher text, which would be stored as plain text under a name that suggests encryption.</summary>
    private static void RefuseClearText(string content, PublishOptions options)
    {
        if (options.AllowPlaintext) return;
        if (options.EncryptedDataKey is null ? CipherText.CanBeDirect(content.Trim()) : CipherText.CanBeEnvelope(content.Trim())) return;

        throw new AcmException(AcmErrorKind.InvalidContent, "The content is not cipher text.")
        {
            Advice = "Pass the plain text and let KMS encrypt it, or allow unencrypted content.",
            Option = nameof(PublishOptions.AllowPlaintext),
        };
    }

    private static void RefuseLong(string content)
    {
        byte[] text = Encode(content);
        int length = text.Length;
        Array.Clear(text, 0, length);
        if (length <= MaxDirectBytes) return;

        throw new AcmException(AcmErrorKind.ContentTooLarge, $"It has {length} bytes in UTF-8; KMS encrypts at most {MaxDirectBytes} for a data id that begins with '{CipherPrefix.Direct}'.")
        {
            Advice = $"A data ID that begins with '{CipherPrefix.Envelope128}' has no such limit.",
        };
    }

    private static byte[] Encode(string content)
    {
        try
        {
            return StrictUtf8.GetBytes(content);
        }
        catch (EncoderFallbackException e)
        {
            // The inner exception is dropped: its message contains the character.
            throw new AcmException(AcmErrorKind.InvalidContent, $"The content contains half of a surrogate pair at position {e.Index + 1}, which cannot be encoded.");
        }
    }

    private static string Decode(byte[] text)
    {
        // The inner exception is dropped: its message contains decrypted bytes.
        return StrictUtf8.TryGetString(text) ?? throw NotOfItsKey("decrypts to something that is not text");
    }
}
