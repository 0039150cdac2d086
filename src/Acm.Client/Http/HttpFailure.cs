using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Acm.Client.Text;

namespace Acm.Client.Http;

/// <summary>Converts exceptions of the HTTP stack into <see cref="AcmException"/>.</summary>
internal static class HttpFailure
{
    private const string ProxyAdvice = "Check the proxy. Use another proxy or none, or exclude the server with NO_PROXY.";

    /// <param name="error">The exception.</param>
    /// <param name="server">The server that the request was for.</param>
    /// <param name="proxy">The proxy of the request; null for none.</param>
    public static AcmException From(Exception error, ServerAddress server, string? proxy)
    {
        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case UntrustedCertificateException:
                    return new AcmException(AcmErrorKind.UntrustedServer, $"The TLS certificate of {server} is not trusted: {cause.Message}.", error)
                    {
                        Advice = "Specify the certificate authority, or the host name in the certificate.",
                        Option = nameof(AcmClientOptions.TlsServerName),
                    };
                case AuthenticationException:
                    return new AcmException(AcmErrorKind.UntrustedServer, $"The TLS connection to {server} failed: {FirstLine(cause.Message)}", error)
                    {
                        Advice = "The server may require a client certificate, or may not use TLS on this port.",
                    };
                case SocketException socket:
                    return Unavailable(server, proxy, error, SocketReason(socket, proxy), unknown: socket.SocketErrorCode is not (SocketError.ConnectionRefused or SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain or SocketError.HostUnreachable or SocketError.NetworkUnreachable));
                case WebException { Status: WebExceptionStatus.ServerProtocolViolation }:
                    return NotHttp(server, error);
            }
        }

        return RequestError(error) switch
        {
            "NameResolutionError" => Unavailable(server, proxy, error, $"{Whose(proxy)} name is not known", unknown: false),
            "ConnectionError" => Unavailable(server, proxy, error, "no connection could be made", unknown: false),
            "ProxyTunnelError" => Unavailable(server, proxy, error, "the proxy could not reach it", unknown: false),
            "SecureConnectionError" => new AcmException(AcmErrorKind.UntrustedServer, $"The TLS connection to {server} failed: the server closed it. The server may not use TLS on this port.", error),
            "InvalidResponse" or "HttpProtocolError" or "ConfigurationLimitExceeded" => NotHttp(server, error),
            _ => Unavailable(server, proxy, error, "the connection was closed before the response was complete", unknown: true),
        };
    }

    public static AcmException TimedOut(ServerAddress server, TimeSpan limit, Exception? error = null) =>
        new(AcmErrorKind.Timeout, $"{server} did not answer within {limit.AsLimit()}.", error) { OutcomeUnknown = true };

    private static AcmException NotHttp(ServerAddress server, Exception error) =>
        new(AcmErrorKind.InvalidResponse, $"{server} answered with something other than HTTP.", error) { OutcomeUnknown = true };

    /// <summary>Returns the error with the proxy named; null if it is named already or the error is unrelated to the network path.</summary>
    public static AcmException? Through(string proxy, AcmException error)
    {
        if (error.Kind is not (AcmErrorKind.ServerUnavailable or AcmErrorKind.Timeout or AcmErrorKind.InvalidResponse or AcmErrorKind.UntrustedServer)) return null;
        if (error.Message.IndexOf(proxy, StringComparison.Ordinal) >= 0) return null;

        return new AcmException(error.Kind, $"{error.Message} The request went through the proxy '{proxy}'.", error)
        {
            Key = error.Key,
            Advice = error.Advice ?? ProxyAdvice,
            Option = error.Option ?? nameof(AcmClientOptions.Proxy),
            IsFinal = error.IsFinal,
            OutcomeUnknown = error.OutcomeUnknown,
            IsBusy = error.IsBusy,
            WaitsForLeader = error.WaitsForLeader,
        };
    }

    private static AcmException Unavailable(ServerAddress server, string? proxy, Exception error, string reason, bool unknown) => proxy is null
        ? new(AcmErrorKind.ServerUnavailable, $"{server} can't be reached: {reason}.", error) { OutcomeUnknown = unknown }
        : new(AcmErrorKind.ServerUnavailable, $"{server} can't be reached through the proxy '{proxy}': {reason}.", error) { OutcomeUnknown = unknown, Advice = ProxyAdvice, Option = nameof(AcmClientOptions.Proxy) };

    private static string Whose(string? proxy) => proxy is null ? "its" : "the proxy's";

    /// <summary>Returns the framework's classification by name: the netstandard2.0 build reads it by reflection on newer runtimes.</summary>
    private static string? RequestError(Exception error)
    {
        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
        {
#if NET
            if (cause is HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } request) return request.HttpRequestError.ToString();
            if (cause is HttpIOException io) return io.HttpRequestError.ToString();
#else
            string? name = cause.GetType().GetProperty("HttpRequestError")?.GetValue(cause)?.ToString();
            if (name is not (null or "Unknown")) return name;
#endif
        }

        return null;
    }

    private static string SocketReason(SocketException error, string? proxy) => error.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => proxy is null ? "nothing listens on this port" : "nothing listens on the proxy's port",
        SocketError.HostNotFound or SocketError.NoData => $"{Whose(proxy)} name is not known",
        SocketError.TryAgain => $"{Whose(proxy)} name could not be looked up now",
        SocketError.ConnectionReset or SocketError.ConnectionAborted => proxy is null ? "it reset the connection" : "the connection was reset",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => proxy is null ? "no route to host" : "no route to the proxy",
        _ => FirstLine(error.Message).TrimEnd('.'),
    };

    private static string FirstLine(string text)
    {
        int end = text.IndexOfAny(['\r', '\n']);
        return end < 0 ? text : text.Substring(0, end);
    }
}
