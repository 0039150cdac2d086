using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Acm.Tests.StandIns;

/// <summary>
/// A data server that accepts temporary credentials like ACM: it checks the signature and token of every request, and returns the same content. It is independent
/// of the product's implementation of the protocol.
/// </summary>
internal sealed class DataStandIn : IAsyncDisposable
{
    private readonly LoopbackHttp _http;
    private readonly IssuedCredentials[] _issuers;

    public DataStandIn(params IssuedCredentials[] issuers)
    {
        _issuers = issuers;
        _http = new LoopbackHttp(certificate: null, (request, _) => Task.FromResult(Take(request)));
    }

    public string Address => _http.Address;

    /// <summary>Access keys that last, with their secrets.</summary>
    public ConcurrentDictionary<string, string> Keys { get; } = new();

    /// <summary>The access key of each request; <c>none</c> where it was not signed.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public ValueTask DisposeAsync() => _http.DisposeAsync();

    private StandInReply Take(StandInRequest request)
    {
        string id = request.Headers.GetValueOrDefault("Spas-AccessKey", "none");
        Requests.Enqueue(id);
        return IsKnown(request, id) ? new StandInReply(200, "a: 1", "text/plain;charset=GBK") : new StandInReply(403, "denied", "text/plain");
    }

    private bool IsKnown(StandInRequest request, string id)
    {
        string token = request.Headers.GetValueOrDefault("Spas-SecurityToken", "");
        string? secret = Keys.GetValueOrDefault(id);
        foreach (IssuedCredentials issuer in _issuers)
        {
            string start = $"STS.{issuer.Mark}-ak-";
            if (!id.StartsWith(start, StringComparison.Ordinal)) continue;

            string number = id[start.Length..];
            if (token != $"{issuer.Mark}-token-{number}" || !issuer.Ends.TryGetValue(token, out DateTimeOffset end) || end <= DateTimeOffset.UtcNow) return false;
            secret = $"{issuer.Mark}-sk-{number}";
        }

        if (secret is null) return false;

        Dictionary<string, string> query = RpcParameters.Parse(request.Method == "POST" ? request.Body : request.Query);
        string time = request.Headers.GetValueOrDefault("timeStamp", "0");
        if (Math.Abs(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - long.Parse(time, CultureInfo.InvariantCulture)) > 60_000) return false;

        string signed = string.Join('+', new[] { query.GetValueOrDefault("tenant", ""), query.GetValueOrDefault("group", ""), time }.Where(part => part.Length > 0));
        return request.Headers.GetValueOrDefault("Spas-Signature") == Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(signed)));
    }
}
