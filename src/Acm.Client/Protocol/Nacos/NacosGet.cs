using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Text;

namespace Acm.Client.Protocol.Nacos;

/// <summary>The two ways to read one key: what is served to clients, and what is stored, which fewer users may see.</summary>
internal static class NacosGet
{
    /// <summary>A read that follows a write is behind it for 40 to 120 ms (recordings of 2.5.1 and 3.0.3), in a cluster longer.</summary>
    public static readonly TimeSpan LagPause = TimeSpan.FromMilliseconds(50);

    public const int MostLagPauses = 20;

    /// <summary>A server whose database hangs still serves. What is served is asked for within the same try.</summary>
    private static readonly TimeSpan LongestDetail = TimeSpan.FromSeconds(1);

    /// <summary>Reads what is served, in one request. That it is missing there proves nothing: see <see cref="NacosAbsence"/>.</summary>
    public static async Task<ServerRead> ServedAsync(NacosLink link, NacosServer server, string @namespace, ConfigKey key, CancellationToken cancellationToken)
    {
        // What clients are served is behind a write for a moment: a session reads what it wrote.
        if (link.Session.MayLag(@namespace, key)) return await StoredAsync(link, server, @namespace, key, cancellationToken).ConfigureAwait(false);

        return new ServerRead(await AskAsync(link, server, @namespace, key, cancellationToken).ConfigureAwait(false), ReadView.Served);
    }

    /// <summary>Reads what is stored; what is served where the user may not.</summary>
    public static async Task<ServerRead> StoredAsync(NacosLink link, NacosServer server, string @namespace, ConfigKey key, CancellationToken cancellationToken) =>
        await TryStoredAsync(link, server, @namespace, key, cancellationToken).ConfigureAwait(false)
            ?? new ServerRead(await AskUntilWrittenAsync(link, server, @namespace, key, cancellationToken).ConfigureAwait(false), ReadView.Served);

    /// <summary>Reads what is stored with everything beside it; what is served where the user may not, or the server can't use its database or waits for it.</summary>
    public static async Task<ServerRead> DetailedAsync(NacosLink link, NacosServer server, string @namespace, ConfigKey key, CancellationToken cancellationToken)
    {
        if (link.Session.IsHidden(@namespace)) return await ServedAsync(link, server, @namespace, key, cancellationToken).ConfigureAwait(false);

        try
        {
            // A login has the time of the try.
            await link.ProofAsync(cancellationToken).ConfigureAwait(false);
            if (await link.Session.WithinAsync(LongestDetail, token => TryStoredAsync(link, server, @namespace, key, token), cancellationToken).ConfigureAwait(false) is { } stored) return stored;

            link.Session.NoteHidden(@namespace);
        }
        catch (TimeLimitException)
        {
            link.Session.NoteSlow(@namespace);
            link.Log.Write(AcmLogLevel.Verbose, $"{link.Server} did not tell within {LongestDetail.AsLimit()} what it stores of '{key}'. What is served is read instead.");
        }
        catch (AcmException e) when (e is { Kind: AcmErrorKind.ServerUnavailable, OutcomeUnknown: true })
        {
            link.Log.Write(AcmLogLevel.Verbose, $"The served version of '{key}' is read instead. {e.Message}");
        }

        return await ServedAsync(link, server, @namespace, key, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads what is stored; null where the user may not, or a gateway lets only the calls for clients through.</summary>
    public static async Task<ServerRead?> TryStoredAsync(NacosLink link, NacosServer server, string @namespace, ConfigKey key, CancellationToken cancellationToken)
    {
        for (bool isFirst = true; ; isFirst = false)
        {
            WireResponse response = await link.SendAsync(NacosRequests.Detail(server, @namespace, key), cancellationToken).ConfigureAwait(false);
            bool isHidden = response.Status is 401 or 403 || (server.HasV3 && IsHidden(response));
            try
            {
                ServerRead? read = isHidden ? null : new ServerRead(NacosRead.Stored(response, server, @namespace, key), ReadView.Stored);
                link.NoteStored(@namespace, key, read);
                return read;
            }
            catch (AcmException e) when (isFirst && e.Kind == AcmErrorKind.InvalidResponse)
            {
                await ReadAgainAsync(link, e, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Reads what is served, and looks no further where that is nothing.</summary>
    public static async Task<ServerValue?> AskAsync(NacosLink link, NacosServer server, string @namespace, ConfigKey key, CancellationToken cancellationToken)
    {
        for (bool isFirst = true; ; isFirst = false)
        {
            WireResponse response = await link.SendAsync(NacosRequests.Get(server, @namespace, key), cancellationToken).ConfigureAwait(false);
            try
            {
                return server.HasV3 ? NacosRead.Served(response, @namespace, key) : NacosRead.Plain(response, server, @namespace, key);
            }
            catch (AcmException e) when (isFirst && e.Kind == AcmErrorKind.InvalidResponse)
            {
                await ReadAgainAsync(link, e, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Reads what is served, until it is what this session wrote a moment ago, or that takes too long.</summary>
    private static async Task<ServerValue?> AskUntilWrittenAsync(NacosLink link, NacosServer server, string @namespace, ConfigKey key, CancellationToken cancellationToken)
    {
        ServerValue? value = await AskAsync(link, server, @namespace, key, cancellationToken).ConfigureAwait(false);
        for (int pause = 1; pause <= MostLagPauses && link.Session.IsBehind(@namespace, key, value?.Md5); pause++)
        {
            await link.Session.PauseAsync(LagPause, cancellationToken).ConfigureAwait(false);
            value = await AskAsync(link, server, @namespace, key, cancellationToken).ConfigureAwait(false);
        }

        return value;
    }

    /// <summary>Just after a write, content and checksum may be of two moments: once more, before it is an error.</summary>
    private static Task ReadAgainAsync(NacosLink link, AcmException error, CancellationToken cancellationToken)
    {
        link.Log.Write(AcmLogLevel.Verbose, $"{error.Message} It is read again.");
        return link.Session.PauseAsync(LagPause + LagPause, cancellationToken);
    }

    /// <summary>Whether there is no such call on this way. That there is no such configuration has a code of its own.</summary>
    private static bool IsHidden(WireResponse response) => response.Status is 404 or 405 or 410 or 501 && NacosAnswer.Of(response).Code != NacosErrors.NotFound;
}
