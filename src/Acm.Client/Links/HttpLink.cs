using System.Globalization;
using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Protocol;

namespace Acm.Client.Links;

/// <summary>Sends requests to one server and reads complete responses.</summary>
internal sealed class HttpLink : IServerLink
{
    private readonly HttpLinks _links;
    private readonly KeyValuePair<string, string>[] _headers;
    private RequestProof? _proof;
    private WireResponse? _dated;

    /// <param name="links">The owner of the link.</param>
    /// <param name="server">The server.</param>
    /// <param name="log">The log of the call.</param>
    /// <param name="headers">Headers of every request.</param>
    /// <param name="proof">The credentials; null for anonymous requests.</param>
    public HttpLink(HttpLinks links, ServerAddress server, CallLog log, KeyValuePair<string, string>[] headers, RequestProof? proof)
    {
        _links = links;
        Server = server;
        Log = log;
        _headers = headers;
        _proof = proof;
    }

    public ServerAddress Server { get; }

    public CallLog Log { get; }

    public bool IsAnonymous { get; init; }

    public DateTimeOffset? ServerTime => _dated?.Date;

    /// <exception cref="AcmException">The server is unreachable or untrusted, or its response is invalid.</exception>
    public async Task<WireResponse> SendAsync(WireRequest request, CancellationToken cancellationToken)
    {
        for (bool isSecond = false; ; isSecond = true)
        {
            using HttpRequestMessage message = Build(request);
            bool debug = Log.IsEnabled(AcmLogLevel.Debug);
            if (debug) Log.Write(AcmLogLevel.Debug, HeaderDump.Of(message, _links.IsSecret));

            long started = _links.Clock.GetTimestamp();
            WireResponse answer;
            try
            {
                answer = await _links.Http.SendAsync(Server, message, request.MaxAnswer, cancellationToken).ConfigureAwait(false);
            }
            catch (AcmException e) when (e.IsTooLong && request.Kind == CallKind.List)
            {
                throw new AcmException(AcmErrorKind.ContentTooLarge, e.Message, e) { IsFinal = true };
            }

            answer.Proof = _proof;
            if (answer.Header("Date") is not null) _dated = answer;
            if (debug) Log.Write(AcmLogLevel.Debug, HeaderDump.Of(answer, _links.IsSecret));
            if (Log.IsEnabled(AcmLogLevel.Verbose)) LogAnswer(request, answer, _links.Clock.GetElapsedTime(started));
            if (_proof is null || isSecond || _links.Authenticator is not { } authenticator || await authenticator.RenewAsync(answer, cancellationToken).ConfigureAwait(false) is not { } renewed) return answer;

            // A denied request had no effect, so it is safe to send it again.
            if (Log.IsEnabled(AcmLogLevel.Verbose)) Log.Write(AcmLogLevel.Verbose, $"{Server} refused the temporary credentials. Trying again with new ones of {renewed}.");
            _proof = renewed;
        }
    }

    private void LogAnswer(WireRequest request, WireResponse answer, TimeSpan took) => Log.Write(AcmLogLevel.Verbose, string.Format(
        CultureInfo.InvariantCulture, "{0} answered {1} with {2} bytes to {3} {4} after {5:0.0} ms", Server, answer.Status, answer.Body.Length, request.Kind, request.Subject, took.TotalMilliseconds));

    private HttpRequestMessage Build(WireRequest request)
    {
        var message = new HttpRequestMessage(request.Method, request.UriOn(Server));
        if (request.Body is { } body)
        {
            message.Content = new ByteArrayContent(body, 0, request.BodyLength ?? body.Length);

            // .NET Framework would otherwise wait for "100 Continue", which servers do not send.
            message.Headers.ExpectContinue = false;
            message.Content.Headers.TryAddWithoutValidation("Content-Type", request.ContentType);
        }

        foreach (KeyValuePair<string, string> header in _headers) message.Headers.TryAddWithoutValidation(header.Key, header.Value);
        foreach (KeyValuePair<string, string> header in request.Headers) message.Headers.TryAddWithoutValidation(header.Key, header.Value);
        _proof?.ApplyTo(message, request);
        return message;
    }
}
