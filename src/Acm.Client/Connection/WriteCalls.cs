using Acm.Client.Calls;
using Acm.Client.Encryption;
using Acm.Client.Protocol;
using Acm.Client.Text;

namespace Acm.Client;

/// <summary>The write methods of a client.</summary>
internal sealed class WriteCalls(AcmConnection connection, string @namespace)
{
    public async Task<PublishResult> PublishAsync(ConfigKey key, string content, PublishOptions? options, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        CheckOptions(connection.Protocol, key, content, options);
        OptionRules.Check(call);
        await connection.FindDialectAsync(call, cancellationToken).ConfigureAwait(false);
        if (options is not null) connection.Protocol.CheckMetadata(key, options.Metadata);
        SealedContent stored = await connection.Cipher.SealAsync(key, content, options, cancellationToken).ConfigureAwait(false);
        PublishResult result = await connection.Writer.PublishAsync(@namespace, key, stored, options, call, cancellationToken).ConfigureAwait(false);
        if (call?.NoSnapshot != true) connection.Snapshots?.Keep(result.Config, Log(call));
        return stored.Text == content ? result : new PublishResult { Key = key, ConfirmedByReading = result.ConfirmedByReading, Config = result.Config.With(content, warning: null) };
    }

    /// <summary>Validates a publish as far as possible without a request.</summary>
    public void Check(ConfigKey key, string content, PublishOptions? options)
    {
        CheckOptions(connection.Protocol, key, content, options);
        if (connection.Cipher.Refusal(key, content, options) is { } refusal) throw refusal;

        // Encrypted content is sent as Base64, in any charset.
        if (options?.IsRaw == true || !connection.Cipher.Encrypts(key)) connection.Writer.Check(key, content);
    }

    public async Task RemoveAsync(ConfigKey key, string? ifMatch, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        connection.Protocol.CheckKey(key);
        OptionRules.Check(call);
        await connection.FindDialectAsync(call, cancellationToken).ConfigureAwait(false);
        await connection.Writer.RemoveAsync(@namespace, key, PublishCondition.IfMatch(ifMatch), call, cancellationToken).ConfigureAwait(false);
        if (call?.NoSnapshot != true) connection.Snapshots?.SetAside(@namespace, key, Log(call));
    }

    public static void CheckOptions(IConfigProtocol protocol, ConfigKey key, string content, PublishOptions? options)
    {
        if (content is null) throw new AcmException(AcmErrorKind.InvalidContent, $"The content of '{key}' is null. Specify content, or remove the configuration.") { Key = key };
        if (options is { CreateOnly: true, IfMatch: not null }) throw new ArgumentException("CreateOnly and IfMatch cannot be combined: a configuration that does not exist has no MD5.", nameof(options));
        if (options?.IfMatch is { } md5 && !Md5Hex.IsValid(md5)) throw new ArgumentException($"IfMatch '{md5}' is not a valid MD5 hash: 32 hexadecimal digits are expected.", nameof(options));

        protocol.CheckKey(key);
        OptionRules.Check(options);
        if (options is not null) protocol.CheckMetadata(key, options.Metadata);
    }

    private CallLog Log(AcmCallOptions? call) => new(connection.Options.Log, call?.Log);
}
