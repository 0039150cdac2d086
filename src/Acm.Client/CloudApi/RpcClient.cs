using System.Globalization;
using System.Text;
using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Text;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Acm.Client.CloudApi;

/// <summary>
/// Calls an RPC service (KMS, STS): POST over TLS that is always verified, what may be secret in the body, limits of a try and of the whole, growing
/// jittered pauses where the service asks for them. Thread-safe.
/// </summary>
internal sealed class RpcClient : IDisposable
{
    /// <summary>Tries of one call, the first included.</summary>
    public const int MaxTries = 4;

    /// <summary>The longest that the first pause can be; each further one is twice as long.</summary>
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);

    private readonly RpcService _service;
    private readonly HttpExchange _http;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _tryTimeout;
    private readonly TimeSpan _totalTimeout;
    private readonly ResiliencePipeline _call;
    private readonly ResiliencePipeline _try;

    /// <summary>How far the service's clock is ahead of ours, in ticks; known only once it has refused our time.</summary>
    private long _skew;

    /// <param name="service">Which service, and where it is.</param>
    /// <param name="tls">Which certificates are trusted; made by <see cref="Trust"/>.</param>
    /// <param name="tryTimeout">Limit of one try.</param>
    /// <param name="totalTimeout">Limit of a call with all its tries.</param>
    /// <param name="clock">Source of time.</param>
    /// <param name="random">Source of jitter: numbers from 0 to 1.</param>
    /// <param name="proxy">The proxy that requests go through; null for that of the environment.</param>
    public RpcClient(RpcService service, TlsVerification tls, TimeSpan tryTimeout, TimeSpan totalTimeout, TimeProvider clock, Func<double> random, ProxyRoute? proxy = null)
    {
        _service = service;
        _clock = clock;
        _tryTimeout = tryTimeout;
        _totalTimeout = totalTimeout;
        _http = new HttpExchange(tls, clientCertificate: null, proxy ?? ProxyRoute.Environment);
        _try = new ResiliencePipelineBuilder { Name = "try", TimeProvider = clock }.AddTimeout(tryTimeout).Build();
        _call = new ResiliencePipelineBuilder { Name = service.Name, TimeProvider = clock }
            .AddTimeout(totalTimeout)
            .AddRetry(new RetryStrategyOptions
            {
                Name = service.Name,
                MaxRetryAttempts = MaxTries - 1,

                // A certificate is the same in a moment, and there is no other server to ask.
                ShouldHandle = new PredicateBuilder().Handle<AcmException>(error => !error.IsFinal && error.Kind != AcmErrorKind.UntrustedServer),
                DelayGenerator = args => new(Longer(Pause(args.AttemptNumber, random()), (args.Outcome.Exception as AcmException)?.RetryAfter)),
            })
            .Build();
    }

    private string CheckTheWay => $"Check the {_service.Name} endpoint, and any proxy or firewall in between.";

    /// <summary>The system's authorities, and those of a file beside them: a private gateway in front of one service must not end the trust in the others.</summary>
    /// <exception cref="ArgumentException">The file can't be read, or holds anything but certificates.</exception>
    public static TlsVerification Trust(string? caCertificatePath) =>
        new(caCertificatePath is null ? null : CertificateFile.Load(caCertificatePath), serverName: null, skip: false, systemToo: true);

    /// <summary>Carries an operation out. What it answers is to be disposed as soon as it is read.</summary>
    /// <exception cref="AcmException">
    /// The service refused, could not be reached, is not trusted or answered with something that is no answer. No message holds a field's value or a secret.
    /// </exception>
    public async Task<RpcAnswer> CallAsync(RpcCall call, CallLog log, CancellationToken cancellationToken)
    {
        try
        {
            return await _call.ExecuteAsync(static (state, token) => state.TryAsync(token), new Attempts(this, call, log), cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutRejectedException e)
        {
            throw new AcmException(AcmErrorKind.Timeout, $"{_service.Name} at {_service.Address} did not carry out {call.Action} within {_totalTimeout.AsLimit()} in total.", e) { Advice = CheckTheWay };
        }
        catch (AcmException e) when (e.Kind == AcmErrorKind.UntrustedServer || (e.Advice is null && e.Kind != AcmErrorKind.NotConnected))
        {
            // What helps with the servers of a connection, such as a further name, does not count here.
            AcmException error = ProxyFor(e) ?? e;
            bool isUntrusted = e.Kind == AcmErrorKind.UntrustedServer;
            string advice = isUntrusted ? CheckTheWay + " For a certificate authority of your own, specify it when connecting." : CheckTheWay;
            throw new AcmException(e.Kind, error.Message, e) { Advice = advice, Option = isUntrusted ? nameof(AcmClientOptions.CaCertificatePath) : null, IsFinal = e.IsFinal, OutcomeUnknown = e.OutcomeUnknown };
        }
    }

    public void Dispose() => _http.Dispose();

    private AcmException? ProxyFor(AcmException error) => _http.ProxyFor(_service.Address) is { } proxy ? HttpFailure.Through(proxy, error) : null;

    /// <summary>From half of the longest pause to the whole of it, so that clients which failed together do not come back together.</summary>
    private static TimeSpan Pause(int failures, double random) => TimeSpan.FromTicks((long)((FirstPause.Ticks << failures) * (0.5 + (random / 2))));

    /// <summary>Never sooner than the service asked for.</summary>
    private static TimeSpan Longer(TimeSpan pause, TimeSpan? asked) => asked is { } time && time > pause ? time : pause;

    private HttpRequestMessage Build(RpcCall call)
    {
        // The time goes along where nothing is signed, too: the vendor's own clients all send it.
        string time = _clock.GetUtcNow().AddTicks(Volatile.Read(ref _skew)).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        List<KeyValuePair<string, string>> query = [new("Action", call.Action), new("Version", _service.Version), new("Format", "JSON"), new("Timestamp", time)];
        List<KeyValuePair<string, string>> form = [.. call.Fields];
        if (call.Credential is { } credential)
        {
            query.Add(new("AccessKeyId", credential.AccessKey));
            query.Add(new("SignatureMethod", "HMAC-SHA1"));
            query.Add(new("SignatureVersion", "1.0"));
            query.Add(new("SignatureNonce", Guid.NewGuid().ToString()));
            if (credential.SecurityToken is { } token) form.Add(new("SecurityToken", token));
            query.Add(new("Signature", RpcSignature.Compute(credential.SecretKey, RpcSignature.StringToSign("POST", query.Concat(form)))));
        }

        var message = new HttpRequestMessage(HttpMethod.Post, $"{_service.Address.BaseUri}/?{RpcSignature.Query(query)}")
        {
            Content = new ByteArrayContent(Encoding.ASCII.GetBytes(RpcSignature.Query(form))),
        };
        message.Content.Headers.TryAddWithoutValidation("Content-Type", "application/x-www-form-urlencoded");
        message.Headers.TryAddWithoutValidation("Accept", "application/json");

        // The old framework would wait for a "100 Continue" that no server sends.
        message.Headers.ExpectContinue = false;
        return message;
    }

    private async ValueTask<WireResponse> SendAsync(RpcCall call, CallLog log, CancellationToken cancellationToken)
    {
        using HttpRequestMessage message = Build(call);
        long started = _clock.GetTimestamp();
        WireResponse response = await _http.SendAsync(_service.Address, message, HttpExchange.MaxAnswer, cancellationToken).ConfigureAwait(false);
        if (log.IsEnabled(AcmLogLevel.Verbose))
        {
            log.Write(AcmLogLevel.Verbose, string.Format(
                CultureInfo.InvariantCulture, "{0} at {1} answered {2} to {3} after {4:0.0} ms", _service.Name, _service.Address, response.Status, call.Action, _clock.GetElapsedTime(started).TotalMilliseconds));
        }

        return response;
    }

    /// <summary>The tries of one call, and what may be mended once in each.</summary>
    private sealed class Attempts(RpcClient client, RpcCall call, CallLog log)
    {
        private bool _clockSet;
        private bool _nonceRenewed;

        public async ValueTask<RpcAnswer> TryAsync(CancellationToken cancellationToken)
        {
            WireResponse response;
            try
            {
                response = await client._try.ExecuteAsync(static (state, token) => state.client.SendAsync(state.call, state.log, token), (client, call, log), cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutRejectedException e)
            {
                throw HttpFailure.TimedOut(client._service.Address, client._tryTimeout, e);
            }

            return response.Status == 200 ? RpcAnswer.Read(client._service, call.Action, response) : throw Refused(response);
        }

        private AcmException Refused(WireResponse response)
        {
            RpcRefusal refusal = RpcRefusal.Read(client._service, call.Action, response);
            if (log.IsEnabled(AcmLogLevel.Verbose)) log.Write(AcmLogLevel.Verbose, refusal.Text + ".");

            AcmException error = call.OnRefusal?.Invoke(refusal) ?? refusal.ToError();
            if (refusal.IsAboutTime && !_clockSet && response.Date is { } date)
            {
                _clockSet = true;
                Volatile.Write(ref client._skew, (date - client._clock.GetUtcNow()).Ticks);
                return Again(error);
            }

            if (refusal.IsAboutNonce && !_nonceRenewed)
            {
                _nonceRenewed = true;
                return Again(error);
            }

            return error;
        }

        private static AcmException Again(AcmException error) => new(error.Kind, error.Message) { Advice = error.Advice };
    }
}
