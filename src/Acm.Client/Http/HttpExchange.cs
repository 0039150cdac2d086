using System.Security.Cryptography.X509Certificates;

namespace Acm.Client.Http;

/// <summary>Sends one HTTP request and reads its answer whole, over connections that are pooled and kept alive. Every failure is an error with a kind.</summary>
internal sealed class HttpExchange : IDisposable
{
    /// <summary>The most that is read of an answer that holds one configuration, in bytes. Ten times the largest content that a stock server takes.</summary>
    public const int MaxAnswer = 16 * 1024 * 1024;

    private static readonly string UserAgent = "Acm/" + typeof(HttpExchange).Assembly.GetName().Version!.ToString(3);

    private readonly HttpMessageInvoker _http;
    private readonly ProxyRoute _proxy;
    private readonly CancellationTokenSource _ending = new();

    /// <param name="tls">Which certificates are trusted.</param>
    /// <param name="clientCertificate">What is shown to a server that asks for a certificate; null for none.</param>
    /// <param name="proxy">The proxy that requests go through.</param>
    public HttpExchange(TlsVerification tls, X509Certificate2? clientCertificate, ProxyRoute proxy)
    {
        _proxy = proxy;

        // No client: what that adds (a limit, default headers, a token that ends all requests, a buffer) is done here and above for the body as well.
        _http = new HttpMessageInvoker(HttpHandlerFactory.Create(clientCertificate, tls, proxy), disposeHandler: true);
    }

    /// <param name="server">Who is asked, as errors name it.</param>
    /// <param name="message">The request.</param>
    /// <param name="maxAnswer">The most that is read of the answer, in bytes.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="AcmException">The server could not be reached, is not trusted, or answers with something that is no answer.</exception>
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

    /// <summary>The proxy for a server as scheme, host and port; null where it is reached directly.</summary>
    public string? ProxyFor(ServerAddress server) => _proxy.For(server);

    /// <summary>Ends every request on its way.</summary>
    public void Dispose()
    {
        // Not disposed: a call that begins at this moment still asks it, and it holds nothing.
        _ending.Cancel();
        _http.Dispose();
    }

    private CancellationTokenSource LinkWithEnd(CancellationToken cancellationToken)
    {
        if (_ending.IsCancellationRequested) throw Closed();
        return CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ending.Token);
    }

    private static AcmException Closed(Exception? cause = null) => new(AcmErrorKind.NotConnected, "The connection was closed.", cause) { IsFinal = true, OutcomeUnknown = true };

    /// <summary>Reads a body whole. What it returns is the one copy that is left: an answer may hold a secret, which its reader clears, and knows nothing of other copies.</summary>
    internal static async Task<byte[]> ReadAsync(HttpContent content, ServerAddress server, int maxAnswer, CancellationToken cancellationToken)
    {
        long? declared = content.Headers.ContentLength;
        if (declared > maxAnswer) throw TooLarge(server, maxAnswer);

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
