using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Text;

namespace Acm.Client.Protocol.Nacos;

/// <summary>Reads one key: the value that clients are served, or the stored value, which needs more permissions.</summary>
internal static class NacosGet
{
    /// <summary>Delay between reads after a write. A read lags behind a write by 40 to 120 ms (measured with 2.5.1 and 3.0.3), longer in a cluster.</summary>
    public static readonly TimeSpan LagPause = TimeSpan.FromMilliseconds(50);

    public const int MostLagPauses = 20;

    /// <summary>Time-out of reading the stored value: a server whose database hangs can still serve, within the same try.</summary>
    private static readonly TimeSpan LongestDetail = TimeSpan.FromSeconds(1);

    /// <summary>Reads the served value in one request. "Not found" proves nothing: see <see cref="NacosAbsence"/>.</summary>
    public static async Task<ServerRead> ServedAsync(NacosLink link, NacosServer server, string @namespace, ConfigKey key, CancellationToken cancellationToken)
    {
        // The served value lags behind a write, so a session reads the stored value of what it wrote.
        if (link.Session.MayLag(@namespace, key)) return await StoredAsync(link, server, @namespace, key, cancellationToken).ConfigureAwait(false);

        return new ServerRead(await AskAsync(link, server, @namespace, key, cancellationToken).ConfigureAwait(false), ReadView.Served);
    }

    /// <summary>Reads the stored value; without permission the served one.</summary>
    public static async Task<ServerRead> StoredAsync(NacosLink link, NacosServer server, string @namespace, ConfigKey key, CancellationToken cancellationToken) =>
        await TryStoredAsync(link, server, @namespace, key, cancellationToken).ConfigureAwait(false)
            ?? new ServerRead(await AskUntilWrittenAsync(link, server, @namespace, key, cancellationToken).ConfigureAwait(false), ReadView.Served);

    /// <summary>Reads the stored value with all metadata; the served one without permission, or if the database is unavailable or slow.</summary>
    public static async Task<ServerRead> DetailedAsync(NacosLink link, NacosServer server, string @namespace, ConfigKey key, CancellationToken cancellationToken)
    {
        if (link.Session.IsHidden(@namespace)) return await ServedAsync(link, server, @namespace, key, cancellationToken).ConfigureAwait(false);

        try
        {
            // The login has the time-out of the whole try.
            await link.ProofAsync(cancellationToken).ConfigureAwait(false);
            if (await link.Session.WithinAsync(LongestDetail, token => TryStoredAsync(link, server, @namespace, key, token), cancellationToken).ConfigureAwait(false) is { } stored) return stored;

            link.Session.NoteHidden(@namespace);
        }
        catch (TimeLimitException)
        {
            link.Session.NoteSlow(@namespace);
            link.Log.Write(AcmLogLevel.Verbose, $"{link.Server} did not return the stored version of '{key}' within {LongestDetail.AsLimit()}. The served version is read instead.");
        }
        catch (AcmException e) when (e is { Kind: AcmErrorKind.ServerUnavailable, OutcomeUnknown: true })
        {
            link.Log.Write(AcmLogLevel.Verbose, $"The served version of '{key}' is read instead. {e.Message}");
        }

        return await ServedAsync(link, server, @namespace, key, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the stored value; null without permission, or if a gateway allows client calls only.</summary>
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

    /// <summary>Reads the served value; null if there is none.</summary>
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

    /// <summary>Reads the served value until it is what this session wrote last, or the retries are exhausted.</summary>
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

    /// <summary>Waits before a read is repeated: just after a write, content and checksum may be inconsistent.</summary>
    private static Task ReadAgainAsync(NacosLink link, AcmException error, CancellationToken cancellationToken)
    {
        link.Log.Write(AcmLogLevel.Verbose, $"{error.Message} Trying again.");
        return link.Session.PauseAsync(LagPause + LagPause, cancellationToken);
    }

    /// <summary>Returns whether the call is hidden; a missing configuration has its own code.</summary>
    private static bool IsHidden(WireResponse response) => response.Status is 404 or 405 or 410 or 501 && NacosAnswer.Of(response).Code != NacosErrors.NotFound;
}
