using Acm.Client.Encryption;
using Acm.Client.Protocol;
using Acm.Client.Reading;
using Acm.Client.Servers;
using Acm.Client.Text;

namespace Acm.Client.Writing;

/// <summary>Publishes and removes configurations.</summary>
internal sealed class ConfigWriter
{
    private readonly ServerPool _pool;
    private readonly IConfigProtocol _protocol;
    private readonly Func<IConfigProtocol> _dialect;

    /// <param name="pool">The servers.</param>
    /// <param name="protocol">Creates the operations.</param>
    /// <param name="dialect">Gets the dialect, once it is detected.</param>
    public ConfigWriter(ServerPool pool, IConfigProtocol protocol, Func<IConfigProtocol> dialect)
    {
        _pool = pool;
        _protocol = protocol;
        _dialect = dialect;
    }

    public async Task<PublishResult> PublishAsync(string @namespace, ConfigKey key, SealedContent content, PublishOptions? options, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        byte[] bytes = Encode(key, content.Text);
        string md5 = Md5Hex.Of(bytes);
        var condition = PublishCondition.From(options);
        ConfigMetadata metadata = options is null ? ConfigMetadata.OfDataKey(content.DataKey) : options.Metadata with { EncryptedDataKey = content.DataKey };
        var request = new PublishRequest(key, bytes, metadata, condition);
        ServerOperation<WriteOutcome> publish = _protocol.Publish(@namespace, request);

        // Content and metadata are stored together. If the precondition excludes that the content was there before, the stored content alone confirms the write; otherwise the metadata must match as well.
        ConfigMetadata asked = metadata.Only(_protocol.ProvingMetadata);
        bool doesContentTell = condition.Kind == PublishConditionKind.Absent || (condition.Kind == PublishConditionKind.Unchanged && condition.Md5 != md5);
        var write = new SettledWrite(
            publish,
            _protocol.GetStored(@namespace, key),
            current => current?.Md5 == md5 && !asked.ChangesOf(current.Metadata, isComplete: false).Any(),
            current => current is not null && (doesContentTell || !asked.ChangesOf(current.Metadata, isComplete: true).Any()),
            condition,
            @namespace,
            isRemoval: false);
        WriteReceipt receipt;
        try
        {
            receipt = await WriteAsync(write, call, cancellationToken).ConfigureAwait(false);
        }
        catch (AcmException e) when (e.Kind == AcmErrorKind.Conflict && condition.Kind == PublishConditionKind.Unchanged && (write.WasSent || options?.RepairOnConflict == true) && _dialect() is IRefusalCheck)
        {
            throw await ExplainAsync(e, (IRefusalCheck)_dialect(), @namespace, key, md5, options!.RepairOnConflict, call, cancellationToken).ConfigureAwait(false);
        }

        return new PublishResult
        {
            Key = key,
            ConfirmedByReading = receipt.ByReading,
            Config = ConfigFactory.FromServer(@namespace, key, new ServerValue { Text = content.Text, Bytes = bytes, Md5 = md5, Charset = _protocol.ContentCharset, Server = receipt.Server, Metadata = request.Sent ?? metadata }),
        };
    }

    public Task RemoveAsync(string @namespace, ConfigKey key, PublishCondition condition, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        var write = new SettledWrite(_protocol.Remove(@namespace, key, condition), _protocol.GetStored(@namespace, key), static current => current is null, static _ => true, condition, @namespace, isRemoval: true);
        return WriteAsync(write, call, cancellationToken);
    }

    /// <summary>Throws <see cref="AcmErrorKind.InvalidContent"/> if the content cannot be encoded.</summary>
    public void Check(ConfigKey key, string content) => Encode(key, content);

    private async Task<WriteReceipt> WriteAsync(SettledWrite write, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        try
        {
            return await _pool.RunAsync(write, call, cancellationToken).ConfigureAwait(false);
        }
        catch (AcmException e) when (write.IsOutcomeUnknown)
        {
            throw new AcmException(e.Kind, $"{e.Message} The outcome of the write is unknown.", e) { Key = write.Key, Advice = "Read the configuration to see the stored content.", OutcomeUnknown = true };
        }
    }

    /// <summary>Checks what readers are served after a rejected publish, and adds it to the error if it may be the rejected content.</summary>
    private async Task<AcmException> ExplainAsync(AcmException conflict, IRefusalCheck check, string @namespace, ConfigKey key, string md5, bool repairs, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        RefusedContent content;
        try
        {
            content = await _pool.RunAsync(check.CheckRefused(@namespace, key, md5, repairs), call, cancellationToken).ConfigureAwait(false);
        }
        catch (AcmException)
        {
            // The check failed, so the error says what is possible.
            content = RefusedContent.MayBeServed;
        }

        (string text, string? option) = content switch
        {
            RefusedContent.Served => (" The servers still serve the refused content to readers, until the stored content is published again.", nameof(PublishOptions.RepairOnConflict)),
            RefusedContent.MayBeServed => (" A cluster with embedded storage may serve the refused content to readers, until the stored content is published again.", nameof(PublishOptions.RepairOnConflict)),
            RefusedContent.Repaired => (" Readers were served other content than the stored one, which was published again.", null),
            _ => ("", null),
        };
        return text.Length == 0 ? conflict : new AcmException(conflict.Kind, conflict.Message + text, conflict) { Key = key, Advice = conflict.Advice, Option = option, IsFinal = true };
    }

    private byte[] Encode(ConfigKey key, string content)
    {
        try
        {
            return _protocol.EncodeContent(content);
        }
        catch (AcmException e) when (e.Kind == AcmErrorKind.InvalidContent)
        {
            throw new AcmException(e.Kind, $"'{key}' can't be published. {e.Message}", e) { Key = key, Advice = e.Advice };
        }
    }
}
