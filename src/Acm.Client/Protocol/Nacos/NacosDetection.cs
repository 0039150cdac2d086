using System.Globalization;
using System.Text.Json;
using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Links;
using Acm.Client.Text;

namespace Acm.Client.Protocol.Nacos;

/// <summary>
/// Finds out whether a server is a Nacos, and of which generation, in at most two requests: the state of the third, then that of the first two. Where a gateway hides both from a server that is known to be
/// a Nacos, the calls of clients tell.
/// </summary>
internal static class NacosDetection
{
    public static readonly WireRequest State = Request("/nacos/v3/admin/core/state");

    private static readonly WireRequest OldState = Request("/nacos/v1/console/server/state");
    private static readonly WireRequest NewRead = Request("/nacos/v3/client/cs/config?dataId=acm.connection.test&groupName=DEFAULT_GROUP");
    private static readonly WireRequest OldRead = Request("/nacos/v1/cs/configs?dataId=acm.connection.test&group=DEFAULT_GROUP");

    private enum Finding
    {
        /// <summary>There is no such call: it is of another generation, or no Nacos.</summary>
        NotHere,

        /// <summary>Something on the way does not let it be told.</summary>
        Hidden,
    }

    /// <summary>Finds out what a server is that may be no Nacos.</summary>
    /// <returns>Null where it has neither of the two calls.</returns>
    /// <exception cref="AcmException">The server did not answer, or something on the way answered that does not let it be told.</exception>
    public static async Task<NacosServer?> TryFindAsync(HttpLink anonymous, CancellationToken cancellationToken)
    {
        (NacosServer? server, Finding finding, int status) = await AskAsync(anonymous, cancellationToken).ConfigureAwait(false);
        return server is not null || finding == Finding.NotHere ? server : throw new AcmException(AcmErrorKind.CapabilityMissing, $"Whether {anonymous.Server} is ACM or Nacos cannot be determined: it answered {status} when asked for its version.")
        {
            Advice = "A gateway may hide it. Specify the server type.",
            Option = nameof(AcmClientOptions.ServerType),
            IsFinal = true,
        };
    }

    /// <summary>Finds out the generation of a server that is said to be a Nacos.</summary>
    /// <exception cref="AcmException">The server did not answer, or as no Nacos does.</exception>
    public static async Task<NacosServer> FindAsync(HttpLink anonymous, CancellationToken cancellationToken)
    {
        (NacosServer? server, _, _) = await AskAsync(anonymous, cancellationToken).ConfigureAwait(false);
        return server ?? await ByReadsAsync(anonymous, cancellationToken).ConfigureAwait(false) ?? throw new AcmException(AcmErrorKind.CapabilityMissing, $"{anonymous.Server} does not answer as a Nacos server does.")
        {
            Advice = "Check the host, port and context path (default: /nacos). For an ACM server, specify the server type Acm.",
            Option = nameof(AcmClientOptions.ServerType),
            IsFinal = true,
        };
    }

    private static async Task<(NacosServer? Server, Finding Finding, int Status)> AskAsync(HttpLink anonymous, CancellationToken cancellationToken)
    {
        WireResponse state = await anonymous.SendAsync(State, cancellationToken).ConfigureAwait(false);
        if (Read(state, NacosGeneration.Three) is { } found) return (found, default, 200);

        WireResponse old = await anonymous.SendAsync(OldState, cancellationToken).ConfigureAwait(false);
        if (Read(old, NacosGeneration.Two) is { } older) return (older, default, 200);

        WireResponse? hiding = !IsNotHere(state) ? state : !IsNotHere(old) ? old : null;
        return (null, hiding is null ? Finding.NotHere : Finding.Hidden, hiding?.Status ?? 404);
    }

    /// <summary>What an answer to a question about the version tells; null where it has to be asked for otherwise.</summary>
    private static NacosServer? Read(WireResponse response, NacosGeneration asked)
    {
        var answer = NacosAnswer.Of(response);
        JsonElement state = answer.Data ?? answer.Root ?? default;
        if (response.Status == 200 && JsonText.Text(state, "version") is { } version)
        {
            return NacosServer.Of(version) is { } server ? server with { IsAlone = IsAlone(state), RetentionDays = RetentionDays(state, server.RetentionDays) } : throw new AcmException(AcmErrorKind.CapabilityMissing, $"{response.Server} is a Nacos of version '{ForeignText.Clean(version)}', which is not supported.") { IsFinal = true };
        }

        // An answer of the server itself says what it is: only "not here" leads on.
        if (response.Status is 429 or >= 500) throw NacosErrors.For(response, "", "Asking for the version", key: null);
        if (!answer.IsOfNacos) return null;

        // Where it does not tell its version, that it has the call tells the generation; and only the third says of an old call that it is gone.
        return response.Status switch
        {
            401 or 403 => NacosServer.OfGeneration(asked),
            410 => NacosServer.OfGeneration(NacosGeneration.Three),
            _ => null,
        };
    }

    private static async Task<NacosServer?> ByReadsAsync(HttpLink anonymous, CancellationToken cancellationToken)
    {
        WireResponse read = await anonymous.SendAsync(NewRead, cancellationToken).ConfigureAwait(false);
        var answer = NacosAnswer.Of(read);
        if (answer.Code is 0 or NacosErrors.NotFound || (read.Status is 401 or 403 && answer.IsOfNacos)) return NacosServer.OfGeneration(NacosGeneration.Three);

        WireResponse old = await anonymous.SendAsync(OldRead, cancellationToken).ConfigureAwait(false);
        var oldAnswer = NacosAnswer.Of(old);
        return oldAnswer.Text.StartsWith("config data not exist", StringComparison.Ordinal) || (old.Status == 200 && old.Header("Content-MD5") is not null) || (old.Status is 401 or 403 && oldAnswer.IsOfNacos)
            ? NacosServer.OfGeneration(NacosGeneration.Two)
            : null;
    }

    private static bool IsNotHere(WireResponse response) => response.Status is 404 or 405 or 410 or 501;

    /// <summary>The first versions and the later ones have a word of their own for it.</summary>
    private static bool IsAlone(JsonElement state) => (JsonText.Text(state, "startup_mode") ?? JsonText.Text(state, "standalone_mode")) == "standalone";

    private static int RetentionDays(JsonElement state, int installed) =>
        JsonText.Text(state, "config_retention_days") is not { } text ? installed : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int days) ? days : 0;

    private static WireRequest Request(string path) => new()
    {
        Kind = CallKind.Address,
        Method = HttpMethod.Get,
        PathAndQuery = path,
        MaxAnswer = 1024 * 1024,
        Subject = "the state of the server",
    };
}
