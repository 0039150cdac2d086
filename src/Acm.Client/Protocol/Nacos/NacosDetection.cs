using System.Globalization;
using System.Text.Json;
using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Links;
using Acm.Client.Text;

namespace Acm.Client.Protocol.Nacos;

/// <summary>
/// Detects whether a server is Nacos, and its generation, in at most two requests: the state call of 3.x, then that of 1.x and 2.x. If a gateway hides both calls of a server that is known to be
/// Nacos, client calls are used.
/// </summary>
internal static class NacosDetection
{
    public static readonly WireRequest State = Request("/nacos/v3/admin/core/state");

    private static readonly WireRequest OldState = Request("/nacos/v1/console/server/state");
    private static readonly WireRequest NewRead = Request("/nacos/v3/client/cs/config?dataId=acm.connection.test&groupName=DEFAULT_GROUP");
    private static readonly WireRequest OldRead = Request("/nacos/v1/cs/configs?dataId=acm.connection.test&group=DEFAULT_GROUP");

    private enum Finding
    {
        /// <summary>The call does not exist: another generation, or not a Nacos server.</summary>
        NotHere,

        /// <summary>A gateway hides the answer.</summary>
        Hidden,
    }

    /// <summary>Detects a server that may not be Nacos.</summary>
    /// <returns>Null if the server has neither of the two calls.</returns>
    /// <exception cref="AcmException">The server did not answer, or its type cannot be determined.</exception>
    public static async Task<NacosServer?> TryFindAsync(HttpLink anonymous, CancellationToken cancellationToken)
    {
        (NacosServer? server, Finding finding, int status) = await AskAsync(anonymous, cancellationToken).ConfigureAwait(false);
        return server is not null || finding == Finding.NotHere ? server : throw new AcmException(AcmErrorKind.CapabilityMissing, $"Cannot determine whether {anonymous.Server} is ACM or Nacos: the request for its version returned HTTP {status}.")
        {
            Advice = "A gateway may hide the server type. Specify it.",
            Option = nameof(AcmClientOptions.ServerType),
            IsFinal = true,
        };
    }

    /// <summary>Detects the generation of a Nacos server.</summary>
    /// <exception cref="AcmException">The server did not answer, or not like a Nacos server.</exception>
    public static async Task<NacosServer> FindAsync(HttpLink anonymous, CancellationToken cancellationToken)
    {
        (NacosServer? server, _, _) = await AskAsync(anonymous, cancellationToken).ConfigureAwait(false);
        return server ?? await ByReadsAsync(anonymous, cancellationToken).ConfigureAwait(false) ?? throw new AcmException(AcmErrorKind.CapabilityMissing, $"{anonymous.Server} does not answer as a Nacos server does.")
        {
            Advice = "Check the host, port and context path (default: /nacos). For an ACM server, specify Acm as the server type.",
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

    /// <summary>Reads the response to a state call; returns null if it is not conclusive.</summary>
    private static NacosServer? Read(WireResponse response, NacosGeneration asked)
    {
        var answer = NacosAnswer.Of(response);
        JsonElement state = answer.Data ?? answer.Root ?? default;
        if (response.Status == 200 && JsonText.Text(state, "version") is { } version)
        {
            return NacosServer.Of(version) is { } server ? server with { IsAlone = IsAlone(state), RetentionDays = RetentionDays(state, server.RetentionDays) } : throw new AcmException(AcmErrorKind.CapabilityMissing, $"{response.Server} runs Nacos '{ForeignText.Clean(version)}', which is not supported.") { IsFinal = true };
        }

        // Only a missing call leads to the next request; the server's own errors are final.
        if (response.Status is 429 or >= 500) throw NacosErrors.For(response, "", "Asking for the version", key: null);
        if (!answer.IsOfNacos) return null;

        // If the version is not accessible, the existing call determines the generation; only 3.x answers 410 for a removed call.
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

    /// <summary>Returns whether the server runs stand-alone; older and newer versions name the property differently.</summary>
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
