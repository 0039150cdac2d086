using Acm.Client.Http;
using Acm.Client.Text;

namespace Acm.Client.Protocol.Nacos;

/// <summary>Publishes and removes: with admin calls if the server has them and the user has permission, otherwise with client calls, over HTTP up to 3.1 and over gRPC from 3.2 on.</summary>
internal static class NacosPublish
{
    /// <summary>Publishes a configuration. Servers reset unspecified metadata, so the stored metadata is read first and sent again.</summary>
    public static async Task<WriteOutcome> RunAsync(NacosLink link, NacosServer server, string @namespace, PublishRequest request, CancellationToken cancellationToken)
    {
        ConfigKey key = request.Key;
        if (!link.TryTakeStored(@namespace, key, out ServerRead? stored)) stored = await NacosGet.TryStoredAsync(link, server, @namespace, key, cancellationToken).ConfigureAwait(false);
        ConfigMetadata whole = stored is null ? await OrServedAsync(link, server, @namespace, request, cancellationToken).ConfigureAwait(false)
            : stored is { Value.Metadata: { } kept } ? request.Metadata.Or(kept)
            : request.Metadata;
        if (whole.Type is null) whole = whole with { Type = NacosType.Of(key.DataId) };
        CheckDataKey(server, whole);

        string md5 = Md5Hex.Of(request.Content);
        if (server.ChangesMetadata && stored?.Value is { } current && IsOfMetadataAlone(request, current, md5) && await TryChangeMetadataAsync(link, @namespace, key, whole, cancellationToken).ConfigureAwait(false))
        {
            request.Sent = whole;
            link.Session.NoteWrite(@namespace, key, md5);
            return Outcome(request.Condition);
        }

        string? casMd5 = request.Condition.Kind == PublishConditionKind.Unchanged ? request.Condition.Md5 : null;
        if (casMd5 is not null && !server.ComparesMd5)
        {
            link.Log.Write(AcmLogLevel.Warning, $"{link.Server} runs Nacos {server.Version}, which does not support compare-and-swap. '{key}' was compared just before the publish; a change by another client in between is overwritten.");
            casMd5 = null;
        }

        request.Sent = whole;
        var calls = new WriteRequests("Publishing", SendAsync, client => client.PublishAsync(link, @namespace, request with { Metadata = whole }, casMd5, cancellationToken));
        (bool isTaken, WireResponse response) = await NotedAsync(link, server, @namespace, key, md5, calls, casMd5 is not null).ConfigureAwait(false);
        if (!isTaken)
        {
            // Some failures are reported like a failed precondition, so the stored value decides.
            ServerRead? now = await NacosGet.TryStoredAsync(link, server, @namespace, key, cancellationToken).ConfigureAwait(false);
            if (now?.Value?.Md5 == casMd5) throw NacosErrors.NotWritten(response, key);
            return WriteOutcome.Refused;
        }

        return Outcome(request.Condition);

        async Task<WireResponse> SendAsync(bool isV3)
        {
            WireRequest publish = NacosRequests.Publish(isV3, @namespace, request with { Metadata = whole }, casMd5);
            WireResponse answer = await link.SendAsync(publish, cancellationToken).ConfigureAwait(false);
            return NacosErrors.LacksParameters(answer) ? throw NacosErrors.FormTooLarge(answer, key, publish.Body!.Length) : answer;
        }
    }

    /// <summary>Checks that the server stores data keys: without its data key, content could not be decrypted.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.CapabilityMissing"/>: the server would drop the data key.</exception>
    public static void CheckDataKey(NacosServer server, ConfigMetadata metadata)
    {
        if (metadata.EncryptedDataKey is not null && !server.StoresDataKeys)
            throw NacosErrors.Missing(server, "store the data key of encrypted content", "Use a data ID that begins with 'cipher-' alone: KMS encrypts it without a data key.");
    }

    /// <summary>Removes a configuration. No version supports a precondition for a removal.</summary>
    public static async Task<WriteOutcome> RemoveAsync(NacosLink link, NacosServer server, string @namespace, ConfigKey key, PublishCondition condition, CancellationToken cancellationToken)
    {
        var calls = new WriteRequests("Removing", SendAsync, client => client.RemoveAsync(link, @namespace, key, cancellationToken));
        await NotedAsync(link, server, @namespace, key, md5: null, calls, hasCondition: false).ConfigureAwait(false);
        return Outcome(condition);

        Task<WireResponse> SendAsync(bool isV3) => link.SendAsync(NacosRequests.Remove(isV3, @namespace, key), cancellationToken);
    }

    /// <summary>
    /// Sends a write, with client calls if admin calls are denied, and records it if it was or may have been executed, so that a user who reads only served values waits for it.
    /// </summary>
    private static async Task<(bool IsTaken, WireResponse Response)> NotedAsync(NacosLink link, NacosServer server, string @namespace, ConfigKey key, string? md5, WriteRequests calls, bool hasCondition)
    {
        try
        {
            bool isV3 = server.HasV3;
            WireResponse response = await calls.SendAsync(isV3).ConfigureAwait(false);
            if (isV3 && response.Status is 401 or 403)
            {
                response = server.HasV1
                    ? await calls.SendAsync(isV3 = false).ConfigureAwait(false)
                    : await AsClientAsync(link, response, @namespace, key, calls.What, calls.AsClientAsync).ConfigureAwait(false);
            }

            bool isTaken = NacosWrite.IsTaken(response, isV3, @namespace, key, calls.What, hasCondition);
            if (isTaken) link.Session.NoteWrite(@namespace, key, md5);
            return (isTaken, response);
        }
        catch (Exception e) when (e is OperationCanceledException or AcmException { OutcomeUnknown: true })
        {
            link.Session.NoteWrite(@namespace, key, md5);
            throw;
        }
    }

    /// <summary>Sends a write with client calls over gRPC, after admin calls were denied.</summary>
    private static async Task<WireResponse> AsClientAsync(NacosLink link, WireResponse denied, string @namespace, ConfigKey key, string what, Func<INacosCalls, Task<WireResponse>> write)
    {
        if (link.Calls is not { } calls) return denied;

        try
        {
            return await write(calls).ConfigureAwait(false);
        }
        catch (AcmException e) when (!e.OutcomeUnknown && e.Kind != AcmErrorKind.AuthenticationFailed)
        {
            throw NacosErrors.DeniedWithoutGrpc(denied, e, @namespace, what, key);
        }
    }

    /// <summary>Completes the metadata for a user without permission to read the stored value: the type comes from the served value, and a warning lists the properties that the publish clears.</summary>
    private static async Task<ConfigMetadata> OrServedAsync(NacosLink link, NacosServer server, string @namespace, PublishRequest request, CancellationToken cancellationToken)
    {
        (ConfigKey key, _, ConfigMetadata given, _) = request;
        ServerValue? served = null;
        bool isSeen = true;
        try
        {
            served = await NacosGet.AskAsync(link, server, @namespace, key, cancellationToken).ConfigureAwait(false);
            if (served is null) return given;
        }
        catch (AcmException e) when (e.Kind == AcmErrorKind.AccessDenied)
        {
            isSeen = false;
        }

        string[] cleared = [.. new[] { given.Description is null ? "description" : "", given.Tags is null ? "tags" : "", given.AppName is null ? "application name" : "" }.Where(name => name.Length > 0)];
        bool losesType = !isSeen && given.Type is null;
        if (cleared.Length > 0 || losesType)
        {
            string type = losesType ? $" Its type becomes '{NacosType.Of(key.DataId)}'." : "";
            string rest = cleared.Length > 0 ? $" The publish clears these properties if they are set: {string.Join(", ", cleared)}." : "";
            link.Log.Write(AcmLogLevel.Warning, $"This user is not allowed to read the metadata of '{key}' on {link.Server}.{rest}{type}");
        }

        return given with { Type = given.Type ?? served?.Metadata.Type };
    }

    /// <summary>Returns whether a publish changes only tags and description.</summary>
    private static bool IsOfMetadataAlone(PublishRequest request, ServerValue current, string md5)
    {
        const MetadataFields Changeable = MetadataFields.Tags | MetadataFields.Description;
        return current.Md5 == md5
            && !current.IsOpen
            && request.Condition.Kind != PublishConditionKind.Absent
            && request.Metadata.EncryptedDataKey == current.Metadata.EncryptedDataKey
            && request.Metadata.Only(Changeable).ChangesOf(current.Metadata, isComplete: true).Any()
            && !request.Metadata.Only(MetadataFields.All & ~Changeable).ChangesOf(current.Metadata, isComplete: true).Any();
    }

    /// <summary>Changes tags and description without a publish, which would add to the history and notify listeners. False if the server does not support it.</summary>
    private static async Task<bool> TryChangeMetadataAsync(NacosLink link, string @namespace, ConfigKey key, ConfigMetadata whole, CancellationToken cancellationToken)
    {
        WireResponse response = await link.SendAsync(NacosRequests.ChangeMetadata(@namespace, key, whole), cancellationToken).ConfigureAwait(false);
        return response.Status is not (404 or 405 or 410 or 501) && NacosWrite.IsTaken(response, isV3: true, @namespace, key, "Changing the metadata of", hasCondition: false);
    }

    /// <summary>Returns the outcome: "true" proves nothing, so a conditional write is verified by reading.</summary>
    private static WriteOutcome Outcome(PublishCondition condition) => condition.Kind != PublishConditionKind.None ? WriteOutcome.Accepted : WriteOutcome.Stored;

    /// <summary>The requests of one write.</summary>
    /// <param name="What">The beginning of error messages.</param>
    /// <param name="SendAsync">Sends it over HTTP, with the v3 or the v1 API.</param>
    /// <param name="AsClientAsync">Sends it over gRPC.</param>
    private sealed record WriteRequests(string What, Func<bool, Task<WireResponse>> SendAsync, Func<INacosCalls, Task<WireResponse>> AsClientAsync);
}
