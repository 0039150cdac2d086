using Acm.Client.Encryption;
using Acm.Client.Protocol;
using Acm.Client.Text;

namespace Acm.Client;

public sealed partial class AcmClient
{
    /// <summary>Creates or replaces a configuration. If the response is lost, the stored value is read before the write is retried.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidContent"/>: a character cannot be encoded; <see cref="AcmErrorKind.Conflict"/> or <see cref="AcmErrorKind.ConfigExists"/>: the precondition failed.</exception>
    public async Task<PublishResult> PublishAsync(ConfigKey key, string content, PublishOptions? options = null, AcmCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        CheckOptions(key, content, options);
        OptionRules.Check(call);
        await _connection.FindDialectAsync(call, cancellationToken).ConfigureAwait(false);
        if (options is not null) _connection.Protocol.CheckMetadata(key, options.Metadata);
        SealedContent stored = await _connection.Cipher.SealAsync(key, content, options, cancellationToken).ConfigureAwait(false);
        PublishResult result = await _connection.Writer.PublishAsync(Namespace, key, stored, options, call, cancellationToken).ConfigureAwait(false);
        if (call?.NoSnapshot != true) _connection.Snapshots?.Keep(result.Config, Log(call));
        return stored.Text == content ? result : new PublishResult { Key = key, ConfirmedByReading = result.ConfirmedByReading, Config = result.Config.With(content, warning: null) };
    }

    /// <summary>Validates name, content and options of a publish without a request.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidKey"/> or <see cref="AcmErrorKind.InvalidContent"/>: this connection cannot publish it.</exception>
    public void CheckPublish(ConfigKey key, string content, PublishOptions? options = null)
    {
        CheckOptions(key, content, options);
        if (_connection.Cipher.Refusal(key, content, options) is { } refusal) throw refusal;

        // Encrypted content is sent as Base64, in any charset.
        if (options?.IsRaw == true || !_connection.Cipher.Encrypts(key)) _connection.Writer.Check(key, content);
    }

    /// <summary>
    /// Reads the value that a publish would replace and checks the preconditions against it, for a dry run. The value comes from a server, never from a failover file or
    /// snapshot, and is decrypted if the publish would encrypt.
    /// </summary>
    /// <param name="key">The configuration.</param>
    /// <param name="options">The options of the publish; null for none.</param>
    /// <param name="call">Options of the call; null for the connection's.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The current value; null if there is none.</returns>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.Conflict"/> or <see cref="AcmErrorKind.ConfigExists"/>: the precondition failed.</exception>
    public async Task<AcmConfig?> GetReplacedAsync(ConfigKey key, PublishOptions? options = null, AcmCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        var asStored = new AcmCallOptions { TryTimeout = call?.TryTimeout, Log = call?.Log, NoSnapshot = true, NoFailover = true, NoDecrypt = options?.IsRaw == true || Options.Kms is null };
        AcmConfig? current = null;
        try
        {
            current = await GetAsync(key, asStored, cancellationToken).ConfigureAwait(false);
        }
        catch (AcmException e) when (e.Kind == AcmErrorKind.ConfigNotFound)
        {
            // There is nothing to replace.
        }

        var condition = PublishCondition.From(options);
        return condition.IsMetBy(current?.Md5) ? current : throw ConfigErrors.ConditionFailed(condition, Namespace, key, exists: current is not null);
    }

    /// <summary>Returns why a configuration cannot be published encrypted, as far as that is known without a request; null if it can.</summary>
    internal AcmException? Refusal(ConfigKey key, string content, PublishOptions? options) => _connection.Cipher.Refusal(key, content, options);

    /// <summary>Removes a configuration. Succeeds if it does not exist, because the protocol does not report that.</summary>
    /// <exception cref="AcmException">The write failed.</exception>
    public Task RemoveAsync(ConfigKey key, AcmCallOptions? call = null, CancellationToken cancellationToken = default) =>
        RemoveAsync(key, ifMatch: null, call, cancellationToken);

    /// <summary>Removes a configuration if its content has the given MD5. Succeeds if it does not exist.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.Conflict"/>: the value is another one and was not removed.</exception>
    internal async Task RemoveAsync(ConfigKey key, string? ifMatch, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        await PrepareAsync(key, call, cancellationToken).ConfigureAwait(false);
        await _connection.Writer.RemoveAsync(Namespace, key, PublishCondition.IfMatch(ifMatch), call, cancellationToken).ConfigureAwait(false);
        if (call?.NoSnapshot != true) _connection.Snapshots?.SetAside(Namespace, key, Log(call));
    }

    private void CheckOptions(ConfigKey key, string content, PublishOptions? options)
    {
        if (content is null) throw new AcmException(AcmErrorKind.InvalidContent, $"The content of '{key}' is null. Specify content, or remove the configuration.") { Key = key };
        if (options is { CreateOnly: true, IfMatch: not null }) throw new ArgumentException("CreateOnly and IfMatch cannot be combined: a configuration that does not exist has no MD5.", nameof(options));
        if (options?.IfMatch is { } md5 && !Md5Hex.IsValid(md5)) throw new ArgumentException($"IfMatch '{md5}' is not a valid MD5 hash: 32 hexadecimal digits are expected.", nameof(options));

        _connection.Protocol.CheckKey(key);
        OptionRules.Check(options);
        if (options is not null) _connection.Protocol.CheckMetadata(key, options.Metadata);
    }
}
