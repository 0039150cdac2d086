using System.Globalization;
using Acm.Client.Calls;
using Acm.Client.Credentials;
using Acm.Client.Http;
using Acm.Client.Protocol;

namespace Acm.Client.Servers;

/// <summary>Sends a request to one server and reads the answer whole.</summary>
internal sealed class HttpTransport : IDisposable
{
    private readonly HttpExchange _http;
    private readonly IConfigProtocol _protocol;
    private readonly KeyValuePair<string, string>[] _commonHeaders;
    private readonly AcmCredentialSource? _credentials;
    private readonly TimeProvider _clock;

    public HttpTransport(AcmClientOptions options, AcmCredentialSource? credentials, IConfigProtocol protocol, TlsVerification tls, TimeProvider clock)
    {
        _protocol = protocol;
        _credentials = credentials;
        _clock = clock;
        _commonHeaders = [.. protocol.CommonHeaders(options.AppName)];
        _http = new HttpExchange(tls, options.ClientCertificate, ProxyRoute.From(options.Proxy));
    }

    /// <summary>Waits until there is a credential to sign with, so that no server's time is spent on that. Asks nobody while one is at hand.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.AuthenticationFailed"/>: the source yields none.</exception>
    public ValueTask PrepareAsync(CancellationToken cancellationToken)
    {
        if (_credentials is null) return default;
        ValueTask<AcmCredential> credential = _credentials.GetAsync(cancellationToken);
        return credential.IsCompletedSuccessfully ? default : WaitAsync(credential);

        static async ValueTask WaitAsync(ValueTask<AcmCredential> credential) => await credential.ConfigureAwait(false);
    }

    /// <exception cref="AcmException">The server could not be reached, is not trusted, or answers with something that is no answer.</exception>
    public async Task<WireResponse> SendAsync(ServerAddress server, WireRequest request, CallLog log, CancellationToken cancellationToken)
    {
        // A credential at hand comes synchronously: nothing is allocated for it, nothing waits.
        AcmCredential? credential = IsSigned(request) ? await _credentials!.GetAsync(cancellationToken).ConfigureAwait(false) : null;
        bool renewed = false;
        while (true)
        {
            using HttpRequestMessage message = Build(server, request, credential);
            bool debug = log.IsEnabled(AcmLogLevel.Debug);
            if (debug) log.Write(AcmLogLevel.Debug, HeaderDump.Of(message, _protocol.IsSecretHeader));

            long started = _clock.GetTimestamp();
            WireResponse answer = await _http.SendAsync(server, message, cancellationToken).ConfigureAwait(false);
            answer.ToSigned = credential is not null;
            if (debug) log.Write(AcmLogLevel.Debug, HeaderDump.Of(answer, _protocol.IsSecretHeader));
            if (log.IsEnabled(AcmLogLevel.Verbose)) LogAnswer(server, request, answer, _clock.GetElapsedTime(started), log);
            if (answer.Status != 403 || renewed || credential?.SecurityToken is null) return answer;

            // The token may have ended, or been taken back. Nothing was done for a request that was denied, so it is safe to tell again.
            AcmCredential? next = await RenewAsync(credential, cancellationToken).ConfigureAwait(false);
            if (next is null) return answer;
            if (log.IsEnabled(AcmLogLevel.Verbose)) log.Write(AcmLogLevel.Verbose, $"{server} refused the temporary credentials. Trying again with new ones of {_credentials}.");
            credential = next;
            renewed = true;
        }
    }

    /// <summary>The proxy for a server as scheme, host and port; null where it is reached directly.</summary>
    public string? ProxyFor(ServerAddress server) => _http.ProxyFor(server);

    /// <summary>Ends every request on its way.</summary>
    public void Dispose() => _http.Dispose();

    private static void LogAnswer(ServerAddress server, WireRequest request, WireResponse answer, TimeSpan took, CallLog log) =>
        log.Write(AcmLogLevel.Verbose, string.Format(
            CultureInfo.InvariantCulture, "{0} answered {1} with {2} bytes to {3} {4} after {5:0.0} ms", server, answer.Status, answer.Body.Length, request.Kind, request.Subject, took.TotalMilliseconds));

    /// <summary>Other credentials than those that were refused; null where the source has none.</summary>
    private async ValueTask<AcmCredential?> RenewAsync(AcmCredential refused, CancellationToken cancellationToken)
    {
        _credentials!.Invalidate(refused);
        AcmCredential next = await _credentials.GetAsync(cancellationToken).ConfigureAwait(false);
        return ReferenceEquals(next, refused) ? null : next;
    }

    private bool IsSigned(WireRequest request) => _credentials is not null && request.Kind != CallKind.Address;

    private HttpRequestMessage Build(ServerAddress server, WireRequest request, AcmCredential? credential)
    {
        var message = new HttpRequestMessage(request.Method, server.BaseUri + request.PathAndQuery);
        if (request.Body is { } body)
        {
            message.Content = new ByteArrayContent(body, 0, request.BodyLength ?? body.Length);

            // The old framework would wait for a "100 Continue" that no server sends.
            message.Headers.ExpectContinue = false;
            message.Content.Headers.TryAddWithoutValidation("Content-Type", request.ContentType);
        }

        if (request.Kind != CallKind.Address)
        {
            foreach (KeyValuePair<string, string> header in _commonHeaders) message.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        foreach (KeyValuePair<string, string> header in request.Headers) message.Headers.TryAddWithoutValidation(header.Key, header.Value);
        if (credential is not null)
        {
            foreach (KeyValuePair<string, string> header in _protocol.Sign(request, credential, _clock.GetUtcNow())) message.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        return message;
    }
}
