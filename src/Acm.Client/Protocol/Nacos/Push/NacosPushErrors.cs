using Acm.Client.Calls;
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
    private const int BadRequest = 400;
    private const int TooManyPatterns = 50310;
    private const int TooManyMatches = 50311;
    private const string PortAdvice = "Check that the gRPC port of the server (its HTTP port plus 1000) is reachable, or specify another gRPC port. A firewall or a proxy may be in between.";

    /// <summary>The call did not come to its end.</summary>
    public static AcmException Unreachable(ServerAddress server, RpcException error)
    {
        Exception? cause = error.Status.DebugException;
        if (cause is null) return Unusable(AcmErrorKind.ServerUnavailable, $"{server} ended the call ({error.StatusCode}: {ForeignText.Clean(error.Status.Detail)}).", error);

        if (cause is InvalidDataException) return Lost(server, "sent a message that is not a Nacos message", error);

        // .NET gives no reason if it finds the connection closed when it wants to send the request: the server may speak HTTP/1 only, or have closed the connection.
        if (cause is HttpRequestException { HttpRequestError: HttpRequestError.Unknown, InnerException: null }) return Unusable(AcmErrorKind.ServerUnavailable, $"{server} did not complete the HTTP/2 handshake.", error);

        AcmException reason = HttpFailure.From(cause, server, proxy: null);

        // A server or proxy that speaks HTTP/1 only is none that is broken.
        return reason.Kind == AcmErrorKind.InvalidResponse
            ? Unusable(AcmErrorKind.ServerUnavailable, $"{server} does not speak HTTP/2.", error)
            : Unusable(reason.Kind, reason.Message, error);
    }

    private static AcmException TimedOut(ServerAddress server, TimeSpan limit, Exception cause) => Unusable(AcmErrorKind.Timeout, HttpFailure.TimedOut(server, limit).Message, cause);

    /// <summary>Has work end within a limit.</summary>
    /// <param name="clock">Source of time.</param>
    /// <param name="server">The server.</param>
    /// <param name="limit">The limit.</param>
    /// <param name="work">The work.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <param name="isOverHttp">Whether the work uses HTTP, so that a time-out says nothing about gRPC.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.Timeout"/>: it did not.</exception>
    public static async Task<T> WithinAsync<T>(TimeProvider clock, ServerAddress server, TimeSpan limit, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken, bool isOverHttp = false)
    {
        try
        {
            return await clock.WithinAsync(limit, static (work, token) => work(token), work, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeLimitException e)
        {
            throw isOverHttp ? HttpFailure.TimedOut(server, limit) : TimedOut(server, limit, e);
        }
    }

    /// <summary>The connection was lost, or given up.</summary>
    public static AcmException Lost(ServerAddress server, string how, Exception? cause = null) => Unusable(AcmErrorKind.ServerUnavailable, $"{server} {how}.", cause);

    /// <summary>Returns the error for a server that closes its connections, for example because it stops.</summary>
    public static AcmException Reset(ServerAddress server) => Unusable(AcmErrorKind.ServerUnavailable, $"{server} asked its clients to connect again.", cause: null, advice: null);

    /// <summary>Returns the error that the code of an answer stands for.</summary>
    /// <param name="server">The server.</param>
    /// <param name="code">The error code.</param>
    /// <param name="message">What the server said; null or blank for nothing.</param>
    public static AcmException Refused(ServerAddress server, long code, string? message) => code switch
    {
        Starting => Unusable(AcmErrorKind.ServerUnavailable, $"{server} is starting.", cause: null, advice: null),
        Unregistered => Unusable(AcmErrorKind.ServerUnavailable, $"{server} does not know this connection.", cause: null, advice: null),
        Denied => new AcmException(AcmErrorKind.AccessDenied, $"{server} denied watching: {Said(message)}.") { Advice = "Check the user, and the user's right to read in this namespace." },
        BadRequest => new AcmException(AcmErrorKind.InvalidKey, $"{server} refused the keys: {Said(message)}."),
        NoHandler => new AcmException(AcmErrorKind.CapabilityMissing, $"gRPC cannot be used: {server} does not support this request.") { Advice = "Use a server of Nacos 2.0 or later.", IsFinal = true },
        TooManyPatterns => new AcmException(AcmErrorKind.Throttled, $"{server} has reached its limit of watched patterns."),
        TooManyMatches => new AcmException(AcmErrorKind.Throttled, $"A pattern matches more names than {server} can watch."),
        OverLimit => new AcmException(AcmErrorKind.Throttled, $"gRPC cannot be used: {server} throttled the request: {Said(message)}.") { Advice = "Watch fewer configurations, or raise the limit of the server." },
        _ => new AcmException(AcmErrorKind.InvalidResponse, $"gRPC cannot be used: {server} refused the request with code {code}: {Said(message)}.") { Advice = "Check the log of the server.", Option = nameof(AcmClientOptions.GrpcPort) },
    };

    /// <summary>Returns the error for a server that is reached through a proxy.</summary>
    public static AcmException ThroughProxy(ServerAddress server, string proxy) =>
        Missing($"{server} is reached through the proxy '{proxy}', which does not support gRPC.", "Connect without the proxy to use gRPC.", nameof(AcmClientOptions.Proxy));

    /// <summary>Returns the error for a server whose port leaves no room for the gRPC port.</summary>
    public static AcmException NoPort(ServerAddress server, int offset) =>
        Missing($"{server} has no default gRPC port: {server.Port} plus {offset} is above 65535.", "Specify the gRPC port.", nameof(AcmClientOptions.GrpcPort));

    /// <summary>Returns the error for a version that does not push.</summary>
    public static AcmException TooOld(ServerAddress server, NacosServer facts) =>
        new(AcmErrorKind.CapabilityMissing, $"{server} runs Nacos {facts.Version}, which cannot push changes.") { Advice = "gRPC needs Nacos 2.0 or later.", IsFinal = true, IsBeyondVersion = true };

    private static string Said(string? message) => string.IsNullOrWhiteSpace(message) ? "it gave no reason" : ForeignText.Clean(message!).TrimEnd('.', '!');

    private static AcmException Missing(string reason, string advice, string option) =>
        new(AcmErrorKind.CapabilityMissing, $"gRPC cannot be used: {reason}") { Advice = advice, Option = option, IsFinal = true };

    private static AcmException Unusable(AcmErrorKind kind, string reason, Exception? cause, string? advice = PortAdvice) =>
        new(kind, $"gRPC cannot be used: {reason}", cause) { Advice = advice, Option = nameof(AcmClientOptions.GrpcPort) };
}
