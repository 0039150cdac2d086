using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Acm.Tests.Servers;

namespace Acm.Tests.StandIns;

/// <summary>
/// The common behavior of Alibaba Cloud's RPC services on loopback: TLS, common parameters, signature, unique nonce, time stamp, token, JSON errors. It
/// follows their documentation, because tests cannot reach the real services.
/// </summary>
internal abstract class RpcStandIn : IAsyncDisposable
{
    private static readonly TimeSpan AllowedSkew = TimeSpan.FromMinutes(15);

    private readonly TestAuthority _authority = new("Stand-in CA");
    private readonly X509Certificate2 _certificate;
    private readonly LoopbackHttp _http;
    private readonly ConcurrentDictionary<string, bool> _nonces = new();
    private readonly string _version;
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _requestNumber;

    /// <param name="version">The version of the API, which is a date.</param>
    /// <param name="madeOutTo">The host name in the certificate; null for the actual address.</param>
    protected RpcStandIn(string version, string? madeOutTo = null)
    {
        _version = version;
        _certificate = _authority.Issue([madeOutTo ?? "127.0.0.1"]);
        CaPath = Path.Combine(Path.GetTempPath(), "acm-stand-in-" + Guid.NewGuid().ToString("N") + ".pem");
        File.WriteAllText(CaPath, _authority.Certificate.ExportCertificatePem());
        _http = new LoopbackHttp(_certificate, AnswerAsync);
    }

    /// <summary>Where it is, as <c>127.0.0.1:port</c>.</summary>
    public string Address => _http.Address;

    /// <summary>A file with the authority that its certificate comes from.</summary>
    public string CaPath { get; }

    /// <summary>Whom it knows: access key, secret and, for temporary credentials, token.</summary>
    public ConcurrentDictionary<string, (string Secret, string? Token)> AccessKeys { get; } = new() { ["ak-test-0001"] = ("sk-test-secret-0001", null) };

    /// <summary>What it answers to the next requests, before it looks at them; a null lets one through.</summary>
    public ConcurrentQueue<StandInReply?> NextReplies { get; } = new();

    /// <summary>How long each answer takes.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>What each answer waits for; null for nothing.</summary>
    public Task? Gate { get; set; }

    /// <summary>The time that it lives in.</summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>Every request that had the right form, in the order of arrival.</summary>
    public ConcurrentQueue<RpcRequest> Requests { get; } = new();

    /// <summary>Done once there was a request.</summary>
    public Task Asked => _asked.Task;

    /// <summary>The most requests that were in work at once.</summary>
    public int MostAtOnce => _mostAtOnce;

    private int _atOnce;
    private int _mostAtOnce;

    public int Count(string action) => Requests.Count(request => request.Action == action);

    public static StandInReply Error(int status, string code, string message = "As the test wants it.", string requestId = "4C467B38-3910-447D-87BC-AC049166F216") =>
        new(status, new JsonObject { ["HttpStatus"] = status, ["Code"] = code, ["Message"] = message, ["RequestId"] = requestId }.ToJsonString());

    public static StandInReply XmlError(int status, string code) =>
        new(status, $"<?xml version='1.0' encoding='UTF-8'?><Error><RequestId>4C467B38-3910-447D-87BC-AC049166F216</RequestId><HostId>kms.example</HostId><Code>{code}</Code><Message>As the test wants it.</Message></Error>", "text/xml");

    public async ValueTask DisposeAsync()
    {
        await _http.DisposeAsync();
        _certificate.Dispose();
        _authority.Dispose();
        File.Delete(CaPath);
        GC.SuppressFinalize(this);
    }

    /// <summary>Whether an operation comes without access key and signature.</summary>
    protected virtual bool IsUnsigned(string action) => false;

    /// <summary>Fields that must not be seen in an address.</summary>
    protected abstract IReadOnlyCollection<string> SecretFields { get; }

    protected abstract StandInReply Answer(RpcRequest request);

    protected StandInReply Json(params (string Name, JsonNode? Value)[] members)
    {
        var json = new JsonObject();
        foreach ((string name, JsonNode? value) in members) json[name] = value;
        json["RequestId"] = NewRequestId();
        return new StandInReply(200, json.ToJsonString());
    }

    private string NewRequestId() => $"00000000-0000-0000-0000-{Interlocked.Increment(ref _requestNumber):D12}";

    private async Task<StandInReply> AnswerAsync(StandInRequest request, CancellationToken cancellationToken)
    {
        int atOnce = Interlocked.Increment(ref _atOnce);
        int most;
        while (atOnce > (most = _mostAtOnce) && Interlocked.CompareExchange(ref _mostAtOnce, atOnce, most) != most) { }
        try
        {
            StandInReply reply = Take(request);
            if (Gate is { } gate) await gate.WaitAsync(cancellationToken);
            if (Latency > TimeSpan.Zero) await Task.Delay(Latency, cancellationToken);
            return reply with { Date = reply.Date ?? Clock.GetUtcNow() };
        }
        finally
        {
            Interlocked.Decrement(ref _atOnce);
        }
    }

    private StandInReply Take(StandInRequest request)
    {
        Dictionary<string, string> query = RpcParameters.Parse(request.Query);
        var fields = new Dictionary<string, string>(query, StringComparer.Ordinal);
        foreach ((string name, string value) in RpcParameters.Parse(request.Body)) fields.Add(name, value);

        string action = fields.GetValueOrDefault("Action", "");
        var call = new RpcRequest(action, fields, request.Query);
        Requests.Enqueue(call);
        _asked.TrySetResult();
        if (NextReplies.TryDequeue(out StandInReply? next) && next is not null) return next;

        if (request.Path != "/" || request.Method != "POST") return Error(404, "InvalidAction.NotFound");
        if (SecretFields.FirstOrDefault(query.ContainsKey) is { } exposed) return Error(400, "Test.SecretInAddress." + exposed);
        if (fields.GetValueOrDefault("Version") != _version) return Error(400, "InvalidVersion");
        if (fields.GetValueOrDefault("Format") != "JSON") return XmlError(400, "Test.FormatIsNotJson");
        return (IsUnsigned(action) ? CheckUnsigned(fields) : CheckSigned(request.Method, fields)) ?? Answer(call);
    }

    private StandInReply? CheckUnsigned(Dictionary<string, string> fields) =>
        fields.ContainsKey("AccessKeyId") || fields.ContainsKey("Signature") ? Error(400, "Test.SignedWhereNothingIs") : CheckTime(fields);

    private StandInReply? CheckSigned(string method, Dictionary<string, string> fields)
    {
        foreach (string name in new[] { "AccessKeyId", "SignatureMethod", "SignatureVersion", "SignatureNonce", "Timestamp", "Signature" })
        {
            if (!fields.ContainsKey(name)) return Error(400, "Missing" + name);
        }

        if (fields["SignatureMethod"] != "HMAC-SHA1" || fields["SignatureVersion"] != "1.0") return Error(400, "IncompleteSignature");
        if (CheckTime(fields) is { } error) return error;
        if (!_nonces.TryAdd(fields["SignatureNonce"], true)) return Error(400, "SignatureNonceUsed");
        if (!AccessKeys.TryGetValue(fields["AccessKeyId"], out (string Secret, string? Token) known)) return Error(404, "InvalidAccessKeyId.NotFound");

        // Like the real services, the error repeats the signed text, including secrets.
        if (fields["Signature"] != RpcParameters.Sign(known.Secret, method, fields)) return Error(400, "SignatureDoesNotMatch", "Specified signature is not matched with our calculation. server string to sign is:" + string.Join('&', fields));
        if (known.Token is not null && !fields.ContainsKey("SecurityToken")) return Error(400, "MissingSecurityToken");
        return fields.TryGetValue("SecurityToken", out string? token) && token != known.Token ? Error(400, "InvalidSecurityToken.MismatchWithAccessKey") : null;
    }

    private StandInReply? CheckTime(Dictionary<string, string> fields)
    {
        if (!fields.TryGetValue("Timestamp", out string? text)) return Error(400, "MissingTimestamp");
        if (!DateTimeOffset.TryParseExact(text, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)) return Error(400, "IllegalTimestamp");
        return (Clock.GetUtcNow() - time).Duration() > AllowedSkew ? Error(400, "InvalidTimeStamp.Expired") : null;
    }
}
