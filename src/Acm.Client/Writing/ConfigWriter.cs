using Acm.Client.Calls;
using Acm.Client.Encryption;
using Acm.Client.Http;
using Acm.Client.Protocol;
using Acm.Client.Reading;
using Acm.Client.Servers;
using Acm.Client.Text;

namespace Acm.Client.Writing;

/// <summary>
/// Publishes and removes. A write whose answer was lost may have been carried out, so each further try first reads what is there: the wanted state is success, and the write is
/// not sent twice. A late duplicate could otherwise overwrite what someone else wrote in between.
/// </summary>
internal sealed class ConfigWriter
{
    private readonly ServerPool _pool;
    private readonly IConfigProtocol _protocol;

    public ConfigWriter(ServerPool pool, IConfigProtocol protocol)
    {
        _pool = pool;
        _protocol = protocol;
    }

    public async Task<PublishResult> PublishAsync(string @namespace, ConfigKey key, SealedContent content, PublishOptions? options, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        byte[] bytes = Encode(key, content.Text);
        string md5 = Md5Hex.Of(bytes);
        var condition = PublishCondition.From(options);
        WireRequest request = _protocol.Publish(@namespace, key, bytes, content.DataKey, condition, options?.AppName ?? "");

        bool confirmed = false;
        string? server = null;
        await WriteAsync(
            request,
            response => _protocol.ReadPublish(response, @namespace, key, condition, bytes.Length),
            current => current?.Md5 == md5,
            condition,
            @namespace,
            key,
            call,
            (by, read) => (server, confirmed) = (by, read),
            cancellationToken).ConfigureAwait(false);

        return new PublishResult
        {
            Key = key,
            ConfirmedByReading = confirmed,
            Config = ConfigMaker.FromServer(@namespace, key, new ServerValue { Text = content.Text, Bytes = bytes, Md5 = md5, Charset = _protocol.ContentCharset, Server = server!, Metadata = ConfigMetadata.OfDataKey(content.DataKey) }),
        };
    }

    public Task RemoveAsync(string @namespace, ConfigKey key, PublishCondition condition, AcmCallOptions? call, CancellationToken cancellationToken) => WriteAsync(
        _protocol.Remove(@namespace, key, condition),
        response => _protocol.ReadRemove(response, @namespace, key, condition),
        current => current is null,
        condition,
        @namespace,
        key,
        call,
        static (_, _) => { },
        cancellationToken);

    private async Task WriteAsync(
        WireRequest request,
        Action<WireResponse> read,
        Func<ServerValue?, bool> isDone,
        PublishCondition condition,
        string @namespace,
        ConfigKey key,
        AcmCallOptions? call,
        Action<string, bool> done,
        CancellationToken cancellationToken)
    {
        ServerCall state = _pool.Begin(request, call);
        bool outcomeUnknown = false;
        bool mayBeOurs = false;

        // Not every server knows conditions: the value is compared here as well, so that one that does not overwrites only what came in the moment between.
        bool isChecked = condition.Kind == PublishConditionKind.None;
        bool isConditionalRemoval = request.Kind == CallKind.Remove && !isChecked;
        try
        {
            await _pool.RunAsync(state, TryAsync, cancellationToken).ConfigureAwait(false);
        }
        catch (AcmException e) when (outcomeUnknown)
        {
            throw new AcmException(e.Kind, $"{e.Message} Whether the write was carried out is not known.", e) { Key = key, Advice = "Read the configuration to see what the server holds." };
        }

        async Task<bool> TryAsync(ServerAddress server, CancellationToken token)
        {
            if (outcomeUnknown || !isChecked)
            {
                ServerValue? current = await CurrentAsync(server, token).ConfigureAwait(false);
                if ((outcomeUnknown || request.Kind == CallKind.Remove) && isDone(current)) return Done(server, byReading: outcomeUnknown);

                outcomeUnknown = false;
                isChecked = true;
                if (!Holds(condition, current)) throw _protocol.ConditionFailed(condition, @namespace, key, exists: current is not null);
            }

            // Until an answer tells: the end of a try's time is no answer, and comes as a cancellation.
            bool mayBeEarlier = mayBeOurs;
            outcomeUnknown = mayBeOurs = true;
            try
            {
                read(await _pool.SendAsync(state, server, request, token).ConfigureAwait(false));
            }
            catch (AcmException e) when (e.Kind is AcmErrorKind.Conflict or AcmErrorKind.ConfigExists && (mayBeEarlier || isConditionalRemoval))
            {
                // What is in the way may be our own earlier try, come through after it was looked for. What was to be removed may be gone.
                if (isDone(await CurrentAsync(server, token).ConfigureAwait(false))) return Done(server, byReading: true);

                outcomeUnknown = false;
                throw;
            }
            catch (AcmException e)
            {
                outcomeUnknown = e.OutcomeUnknown;
                mayBeOurs = mayBeEarlier || e.OutcomeUnknown;
                throw;
            }

            return Done(server, byReading: false);
        }

        async Task<ServerValue?> CurrentAsync(ServerAddress server, CancellationToken token) =>
            ReadOrNull(await _pool.SendAsync(state, server, _protocol.Get(@namespace, key), token).ConfigureAwait(false), @namespace, key);

        bool Done(ServerAddress server, bool byReading)
        {
            outcomeUnknown = false;
            done(server.Text, byReading);
            return true;
        }
    }

    /// <summary>Throws <see cref="AcmErrorKind.InvalidContent"/> where the servers would not take the content.</summary>
    public void Check(ConfigKey key, string content) => Encode(key, content);

    private byte[] Encode(ConfigKey key, string content)
    {
        try
        {
            return _protocol.EncodeContent(content);
        }
        catch (AcmException e) when (e.Kind == AcmErrorKind.InvalidContent)
        {
            throw new AcmException(e.Kind, $"'{key}' can't be published. {e.Message}", e.InnerException) { Key = key, Advice = e.Advice };
        }
    }

    private static bool Holds(PublishCondition condition, ServerValue? current) => condition.Kind switch
    {
        PublishConditionKind.Absent => current is null,
        PublishConditionKind.Unchanged => current?.Md5 == condition.Md5,
        _ => true,
    };

    private ServerValue? ReadOrNull(WireResponse response, string @namespace, ConfigKey key)
    {
        try
        {
            return _protocol.ReadGet(response, @namespace, key);
        }
        catch (AcmException e) when (e.Kind == AcmErrorKind.ConfigNotFound)
        {
            return null;
        }
    }
}
