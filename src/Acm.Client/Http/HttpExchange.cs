using System.Security.Cryptography.X509Certificates;

namespace Acm.Client.Http;

/// <summary>Sends HTTP requests over pooled connections and reads complete responses. Failures become <see cref="AcmException"/>.</summary>
internal sealed class HttpExchange : IDisposable
{
    /// <summary>Default limit of a response with one configuration, in bytes: ten times the largest content that a server accepts by default.</summary>
    public const int MaxAnswer = 16 * 1024 * 1024;

    private static readonly string UserAgent = "Acm/" + typeof(HttpExchange).Assembly.GetName().Version!.ToString(3);

    private readonly HttpMessageInvoker _http;
    private readonly ProxyRoute _proxy;
    private readonly CancellationTokenSource _ending = new();

    /// <param name="tls">Verifies server certificates.</param>
    /// <param name="clientCertificate">The client certificate; null for none.</param>
    /// <param name="proxy">Selects the proxy of requests.</param>
    public HttpExchange(TlsVerification tls, X509Certificate2? clientCertificate, ProxyRoute proxy)
    {
        _proxy = proxy;

        // HttpMessageInvoker instead of HttpClient: time-outs, headers, cancellation and buffering are handled here and by the callers.
        _http = new HttpMessageInvoker(HttpHandlerFactory.Create(clientCertificate, tls, proxy), disposeHandler: true);
    }

    /// <param name="server">The server, as error messages name it.</param>
    /// <param name="message">The request.</param>
    /// <param name="maxAnswer">Limit of the response body, in bytes.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException">The server is unreachable or untrusted, or its response is invalid.</exception>
    public async Task<WireResponse> SendAsync(ServerAddress server, HttpRequestMessage message, int maxAnswer, CancellationToken cancellationToken)
    {
        using CancellationTokenSource either = LinkWithEnd(cancellationToken);
        message.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(message, either.Token).ConfigureAwait(false);
            byte[] body = await ReadAsync(response.Content, server, maxAnswer, either.Token).ConfigureAwait(false);
            return new WireResponse((int)response.StatusCode, response.Headers, response.Content.Headers, body, server.Text);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidOperationException or OperationCanceledException)
        {
            if (cancellationToken.IsCancellationRequested) throw new OperationCanceledException(e.Message, e, cancellationToken);
            if (_ending.IsCancellationRequested) throw Closed(e);
            throw HttpFailure.From(e, server, ProxyFor(server));
        }
    }

    /// <summary>Returns the proxy for a server as scheme, host and port; null if it is reached directly.</summary>
    public string? ProxyFor(ServerAddress server) => _proxy.For(server);

    /// <summary>Cancels all requests in flight.</summary>
    public void Dispose()
    {
        // The source is not disposed: a concurrent call may still use it, and it holds no resources.
        _ending.Cancel();
        _http.Dispose();
    }

    private CancellationTokenSource LinkWithEnd(CancellationToken cancellationToken)
    {
        if (_ending.IsCancellationRequested) throw Closed();
        return CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ending.Token);
    }

    private static AcmException Closed(Exception? cause = null) => new(AcmErrorKind.NotConnected, "The connection was closed.", cause) { IsFinal = true, OutcomeUnknown = true };

    /// <summary>Reads a complete body. The returned array is the only copy: a response may contain a secret, which the caller clears.</summary>
    internal static async Task<byte[]> ReadAsync(HttpContent content, ServerAddress server, int maxAnswer, CancellationToken cancellationToken)
    {
        long? declared = content.Headers.ContentLength;
        if (declared > maxAnswer) throw TooLarge(server, maxAnswer);

#if NET
        Stream stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
#else
        Stream stream = await content.ReadAsStreamAsync().ConfigureAwait(false);

        // Some streams of the old framework ignore the token while they wait for data.
        using CancellationTokenRegistration _ = cancellationToken.Register(stream.Dispose);
#endif
        byte[] buffer = new byte[declared ?? 4096];
        int length = 0;
        while (true)
        {
            if (length == buffer.Length)
            {
                if (length == declared) return buffer;
                if (length >= maxAnswer) throw TooLarge(server, maxAnswer);
                buffer = MoveTo(new byte[Math.Min(2 * Math.Max(length, 1024), maxAnswer)], buffer, length);
            }

#if NET
            int read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
#else
            int read = await stream.ReadAsync(buffer, length, buffer.Length - length, cancellationToken).ConfigureAwait(false);
#endif
            if (read == 0) break;
            length += read;
        }

        if (length < declared) throw new IOException($"The response of {server} ended after {length} of {declared} bytes.");
        return MoveTo(new byte[length], buffer, length);
    }

    private static byte[] MoveTo(byte[] target, byte[] source, int length)
    {
        Array.Copy(source, target, length);
        Array.Clear(source, 0, length);
        return target;
    }

    private static AcmException TooLarge(ServerAddress server, int maxAnswer) =>
        new(AcmErrorKind.InvalidResponse, $"The response of {server} is larger than the limit of {maxAnswer / (1024 * 1024)} MB.") { IsFinal = true, OutcomeUnknown = true, IsTooLong = true };
}
