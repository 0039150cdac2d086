using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Acm.Client.Text;

namespace Acm.Client.Http;

/// <summary>Turns what the framework throws while a request is sent and its answer read into an error with a kind.</summary>
internal static class HttpFailure
{
    public static AcmException From(Exception error, ServerAddress server)
    {
        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case UntrustedCertificateException:
                    return new AcmException(AcmErrorKind.UntrustedServer, $"The TLS certificate of {server} is not trusted: {cause.Message}.", error)
                    {
                        Advice = "Name the certificate authority (-CaCertificatePath), or the name that the certificate is made out to (-TlsServerName), when connecting.",
                    };
                case AuthenticationException:
                    return new AcmException(AcmErrorKind.UntrustedServer, $"A TLS connection to {server} could not be made: {FirstLine(cause.Message)}", error)
                    {
                        Advice = "The server may ask for a client certificate, or speak no TLS at this port.",
                    };
                case SocketException socket:
                    return Unavailable(server, error, SocketReason(socket), unknown: socket.SocketErrorCode is not (SocketError.ConnectionRefused or SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain or SocketError.HostUnreachable or SocketError.NetworkUnreachable));
                case WebException { Status: WebExceptionStatus.ServerProtocolViolation }:
                    return NotHttp(server, error);
            }
        }

        return RequestError(error) switch
        {
            "NameResolutionError" => Unavailable(server, error, "its name is not known", unknown: false),
            "ConnectionError" => Unavailable(server, error, "no connection could be made", unknown: false),
            "ProxyTunnelError" => Unavailable(server, error, "the proxy could not reach it", unknown: false),
            "SecureConnectionError" => new AcmException(AcmErrorKind.UntrustedServer, $"A TLS connection to {server} could not be made: it closed the connection. It may speak no TLS at this port.", error),
            "InvalidResponse" or "HttpProtocolError" or "ConfigurationLimitExceeded" => NotHttp(server, error),
            _ => Unavailable(server, error, "it closed the connection before its answer was whole", unknown: true),
        };
    }

    public static AcmException TimedOut(ServerAddress server, TimeSpan limit, Exception? error = null) =>
        new(AcmErrorKind.Timeout, $"{server} did not answer within {limit.AsLimit()}.", error) { OutcomeUnknown = true };

    private static AcmException NotHttp(ServerAddress server, Exception error) =>
        new(AcmErrorKind.InvalidResponse, $"{server} answers with something that is not HTTP.", error) { OutcomeUnknown = true };

    private static AcmException Unavailable(ServerAddress server, Exception error, string reason, bool unknown) =>
        new(AcmErrorKind.ServerUnavailable, $"{server} can't be reached: {reason}.", error) { OutcomeUnknown = unknown };

    /// <summary>The framework's own classification by name: the netstandard2.0 build has to read it where the runtime is newer than its contract.</summary>
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

    private static string SocketReason(SocketException error) => error.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "nothing listens at this port",
        SocketError.HostNotFound or SocketError.NoData => "its name is not known",
        SocketError.TryAgain => "its name could not be looked up now",
        SocketError.ConnectionReset or SocketError.ConnectionAborted => "it reset the connection",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => "there is no way to it",
        _ => FirstLine(error.Message).TrimEnd('.'),
    };

    private static string FirstLine(string text)
    {
        int end = text.IndexOfAny(['\r', '\n']);
        return end < 0 ? text : text.Substring(0, end);
    }
}
