using System.Globalization;
using System.Net.Http.Headers;
using Acm.Client.Credentials;
using Acm.Client.Protocol;

namespace Acm.Client.Servers;

/// <summary>Sends a request to one server and reads the answer whole. The only place of a session that touches the network.</summary>
internal sealed class HttpTransport : IDisposable
{
    /// <summary>The most that is read of an answer, in bytes. Ten times the largest content that a stock server takes.</summary>
    public const int MaxAnswer = 16 * 1024 * 1024;

    private readonly HttpClient _http;
    private readonly IConfigProtocol _protocol;
    private readonly KeyValuePair<string, string>[] _commonHeaders;
    private readonly AcmCredentialSource? _credentials;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _ending = new();

    public HttpTransport(AcmClientOptions options, AcmCredentialSource? credentials, IConfigProtocol protocol, TlsVerification tls, TimeProvider clock)
    {
        _protocol = protocol;
        _credentials = credentials;
        _clock = clock;
        _commonHeaders = [.. protocol.CommonHeaders(options.AppName)];
#pragma warning disable RS0030 // This is the one place that makes a client.
        _http = new HttpClient(HttpHandlerFactory.Create(options, tls), disposeHandler: true)
#pragma warning restore RS0030
        {
            // The tries have limits of their own, which cover the body as well.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("Acm", typeof(HttpTransport).Assembly.GetName().Version!.ToString(3)));
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
            if (debug) log.Write(AcmLogLevel.Debug, HeaderDump.Of(message, _protocol));

            long started = _clock.GetTimestamp();
            WireResponse answer;
            using CancellationTokenSource either = LinkWithEnd(cancellationToken);
            try
            {
                using HttpResponseMessage response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
                byte[] body = await ReadAsync(response.Content, server, either.Token).ConfigureAwait(false);
                answer = new WireResponse((int)response.StatusCode, response.Headers, response.Content.Headers, body, server.Text);
                if (debug) log.Write(AcmLogLevel.Debug, HeaderDump.Of(response, server, body.Length, _protocol));
            }
            catch (Exception e) when (e is HttpRequestException or IOException or InvalidOperationException or OperationCanceledException)
            {
                if (cancellationToken.IsCancellationRequested) throw new OperationCanceledException(e.Message, e, cancellationToken);
                if (_ending.IsCancellationRequested) throw Closed(e);
                throw HttpFailure.From(e, server);
            }

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

    /// <summary>Ends every request on its way.</summary>
    public void Dispose()
    {
        // Not disposed: a call that begins at this moment still asks it, and it holds nothing.
        _ending.Cancel();
        _http.Dispose();
    }

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

    private CancellationTokenSource LinkWithEnd(CancellationToken cancellationToken)
    {
        if (_ending.IsCancellationRequested) throw Closed();
        return CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ending.Token);
    }

    private static AcmException Closed(Exception? cause = null) => new(AcmErrorKind.NotConnected, "The connection was closed.", cause) { IsFinal = true, OutcomeUnknown = true };

    private static async Task<byte[]> ReadAsync(HttpContent content, ServerAddress server, CancellationToken cancellationToken)
    {
        long? declared = content.Headers.ContentLength;
        if (declared > MaxAnswer) throw TooLarge(server);

#if NET
        Stream stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
#else
        Stream stream = await content.ReadAsStreamAsync().ConfigureAwait(false);

        // The old contract's streams do not all watch the token while they wait for bytes.
        using CancellationTokenRegistration _ = cancellationToken.Register(stream.Dispose);
#endif
        byte[] buffer = new byte[declared ?? 4096];
        int length = 0;
        while (true)
        {
            if (length == buffer.Length)
            {
                if (length == declared) return buffer;
                if (length >= MaxAnswer) throw TooLarge(server);
                Array.Resize(ref buffer, Math.Min(2 * Math.Max(length, 1024), MaxAnswer));
            }

#if NET
            int read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
#else
            int read = await stream.ReadAsync(buffer, length, buffer.Length - length, cancellationToken).ConfigureAwait(false);
#endif
            if (read == 0) break;
            length += read;
        }

        if (length < declared) throw new IOException($"The answer of {server} ended after {length} of {declared} bytes.");
        return buffer.AsSpan(0, length).ToArray();
    }

    private static AcmException TooLarge(ServerAddress server) =>
        new(AcmErrorKind.InvalidResponse, $"The answer of {server} is larger than {MaxAnswer / (1024 * 1024)} MB, more than any configuration.") { IsFinal = true, OutcomeUnknown = true };

    /// <summary>The address server knows no one: it may be asked before there are credentials.</summary>
    private bool IsSigned(WireRequest request) => _credentials is not null && request.Kind != CallKind.Address;

    private HttpRequestMessage Build(ServerAddress server, WireRequest request, AcmCredential? credential)
    {
        var message = new HttpRequestMessage(request.Method, server.BaseUri + request.PathAndQuery);
        if (request.Body is { } body)
        {
            message.Content = new ByteArrayContent(body);

            // The old framework would wait for a "100 Continue" that no server sends.
            message.Headers.ExpectContinue = false;
            message.Content.Headers.TryAddWithoutValidation("Content-Type", request.ContentType);
        }

        if (request.Kind != CallKind.Address)
        {
            foreach (KeyValuePair<string, string> header in _commonHeaders) message.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        if (credential is not null)
        {
            foreach (KeyValuePair<string, string> header in _protocol.Sign(request, credential, _clock.GetUtcNow())) message.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        return message;
    }
}
