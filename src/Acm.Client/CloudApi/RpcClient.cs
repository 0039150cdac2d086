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
/// Calls an RPC service (KMS, STS) with POST over verified TLS. Secrets are sent in the body only. Calls have time-outs for each try and in total, and retries with exponential back-off and
/// jitter. Thread-safe.
/// </summary>
internal sealed class RpcClient : IDisposable
{
    /// <summary>Maximum number of tries of a call, including the first.</summary>
    public const int MaxTries = 4;

    /// <summary>Maximum of the first delay; it doubles with each retry.</summary>
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);

    private readonly RpcService _service;
    private readonly HttpExchange _http;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _tryTimeout;
    private readonly TimeSpan _totalTimeout;
    private readonly ResiliencePipeline _call;
    private readonly ResiliencePipeline _try;

    /// <summary>How far the service's clock is ahead of the local one, in ticks; set after the service rejected a time stamp.</summary>
    private long _skew;

    /// <param name="service">The service.</param>
    /// <param name="tls">Verifies the service's certificate; created by <see cref="Trust"/>.</param>
    /// <param name="tryTimeout">Time-out of one try.</param>
    /// <param name="totalTimeout">Total time-out of a call.</param>
    /// <param name="clock">Source of time.</param>
    /// <param name="random">Source of jitter: numbers from 0 to 1.</param>
    /// <param name="proxy">Selects the proxy of requests; null for that of the environment.</param>
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

                // An untrusted certificate does not change between tries, and there is no other server.
                ShouldHandle = new PredicateBuilder().Handle<AcmException>(error => !error.IsFinal && error.Kind != AcmErrorKind.UntrustedServer),
                DelayGenerator = args => new(Longer(Pause(args.AttemptNumber, random()), (args.Outcome.Exception as AcmException)?.RetryAfter)),
            })
            .Build();
    }

    private string CheckTheWay => $"Check the {_service.Name} endpoint, and any proxy or firewall in between.";

    /// <summary>Trusts the system's roots and those of a file: a private gateway in front of one service must not affect the others.</summary>
    /// <exception cref="ArgumentException">The file cannot be read or does not contain certificates.</exception>
    public static TlsVerification Trust(string? caCertificatePath) =>
        new(caCertificatePath is null ? null : CertificateFile.Load(caCertificatePath), serverName: null, skip: false, systemToo: true);

    /// <summary>Calls an operation. Dispose the result as soon as it is read.</summary>
    /// <exception cref="AcmException">
    /// The service rejected the call, is unreachable or untrusted, or returned an invalid response. No message contains a parameter value or a secret.
    /// </exception>
    public async Task<RpcAnswer> CallAsync(RpcCall call, CallLog log, CancellationToken cancellationToken)
    {
        try
        {
            return await _call.ExecuteAsync(static (state, token) => state.TryAsync(token), new Attempts(this, call, log), cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutRejectedException e)
        {
            throw new AcmException(AcmErrorKind.Timeout, $"{_service.Name} at {_service.Address} did not complete {call.Action} within {_totalTimeout.AsLimit()} in total.", e) { Advice = CheckTheWay };
        }
        catch (AcmException e) when (e.Kind == AcmErrorKind.UntrustedServer || (e.Advice is null && e.Kind != AcmErrorKind.NotConnected))
        {
            // TlsServerName and similar options apply to configuration servers only.
            AcmException error = ProxyFor(e) ?? e;
            bool isUntrusted = e.Kind == AcmErrorKind.UntrustedServer;
            string advice = isUntrusted ? CheckTheWay + " For a certificate authority of your own, specify it when connecting." : CheckTheWay;
            throw new AcmException(e.Kind, error.Message, e) { Advice = advice, Option = isUntrusted ? nameof(AcmClientOptions.CaCertificatePath) : null, IsFinal = e.IsFinal, OutcomeUnknown = e.OutcomeUnknown };
        }
    }

    public void Dispose() => _http.Dispose();

    private AcmException? ProxyFor(AcmException error) => _http.ProxyFor(_service.Address) is { } proxy ? HttpFailure.Through(proxy, error) : null;

    /// <summary>Returns a random delay between half of the maximum and the maximum, so that clients do not retry at the same moment.</summary>
    private static TimeSpan Pause(int failures, double random) => TimeSpan.FromTicks((long)((FirstPause.Ticks << failures) * (0.5 + (random / 2))));

    /// <summary>Returns the longer of the delay and the Retry-After time.</summary>
    private static TimeSpan Longer(TimeSpan pause, TimeSpan? asked) => asked is { } time && time > pause ? time : pause;

    private HttpRequestMessage Build(RpcCall call)
    {
        // Unsigned calls have a time stamp too, as in Alibaba Cloud's SDKs.
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

        // .NET Framework would otherwise wait for "100 Continue", which these services do not send.
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

    /// <summary>The tries of one call, and the corrections that are made at most once.</summary>
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
