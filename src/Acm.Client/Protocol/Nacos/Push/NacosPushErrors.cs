using Acm.Client.Http;
using Acm.Client.Text;
using Grpc.Core;

namespace Acm.Client.Protocol.Nacos.Push;

/// <summary>What goes wrong over gRPC.</summary>
internal static class NacosPushErrors
{
    /// <summary>Says of a request that came too early, or on a connection that the server has forgotten.</summary>
    public const int Unregistered = 301;

    /// <summary>The right is missing, or the token is no longer good.</summary>
    public const int Denied = 403;

    /// <summary>The server is asked too often, or for too much.</summary>
    public const int OverLimit = 503;

    private const int Starting = 300;
    private const int NoHandler = 302;
    private const int TooManyPatterns = 50310;
    private const int TooManyMatches = 50311;
    private const string PortAdvice = "Check that the gRPC port of the server (its HTTP port plus 1000) is reachable, or specify another gRPC port. A firewall or a proxy may be in between.";

    /// <summary>The call did not come to its end.</summary>
    public static AcmException Unreachable(ServerAddress server, RpcException error)
    {
        Exception? cause = error.Status.DebugException;
        if (cause is null) return Unusable(AcmErrorKind.ServerUnavailable, $"{server} ended the call ({error.StatusCode}: {ForeignText.Clean(error.Status.Detail)}).", error);

        AcmException reason = HttpFailure.From(cause, server, proxy: null);

        // A server or proxy that speaks HTTP/1 only is none that is broken.
        return reason.Kind == AcmErrorKind.InvalidResponse
            ? Unusable(AcmErrorKind.ServerUnavailable, $"{server} does not speak HTTP/2.", error)
            : Unusable(reason.Kind, reason.Message, error);
    }

    public static AcmException TimedOut(ServerAddress server, TimeSpan limit, Exception cause) => Unusable(AcmErrorKind.Timeout, HttpFailure.TimedOut(server, limit).Message, cause);

    /// <summary>The connection was lost, or given up.</summary>
    public static AcmException Lost(ServerAddress server, string how, Exception? cause = null) => Unusable(AcmErrorKind.ServerUnavailable, $"{server} {how}.", cause);

    /// <summary>The server answered with an error.</summary>
    public static AcmException Refused(ServerAddress server, long code, string? message) => code switch
    {
        Starting => Unusable(AcmErrorKind.ServerUnavailable, $"{server} is starting.", cause: null),
        Unregistered => Unusable(AcmErrorKind.ServerUnavailable, $"{server} does not know this connection.", cause: null),
        Denied => new AcmException(AcmErrorKind.AccessDenied, $"Watching was denied by {server}: {Said(message)}.") { Advice = "Check the user, and the user's right to read in this namespace." },
        NoHandler => new AcmException(AcmErrorKind.CapabilityMissing, $"{server} does not have this request.") { IsFinal = true },
        TooManyPatterns => new AcmException(AcmErrorKind.Throttled, $"{server} has reached its limit of watched patterns."),
        TooManyMatches => new AcmException(AcmErrorKind.Throttled, $"A pattern matches more names than {server} can watch."),
        OverLimit => new AcmException(AcmErrorKind.Throttled, $"{server} refused to watch: {Said(message)}."),
        _ => new AcmException(AcmErrorKind.InvalidResponse, $"{server} refused to watch ({code}): {Said(message)}."),
    };

    private static string Said(string? message) => string.IsNullOrWhiteSpace(message) ? "it gave no reason" : ForeignText.Clean(message!).TrimEnd('.', '!');

    private static AcmException Unusable(AcmErrorKind kind, string reason, Exception? cause) =>
        new(kind, $"gRPC cannot be used: {reason}", cause) { Advice = PortAdvice, Option = nameof(AcmClientOptions.GrpcPort) };
}
