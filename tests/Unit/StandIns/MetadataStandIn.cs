using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Acm.Tests.StandIns;

/// <summary>The metadata service of an ECS instance on loopback, with both of its modes.</summary>
internal sealed class MetadataStandIn : IAsyncDisposable
{
    private const string RolePath = "/latest/meta-data/ram/security-credentials/";

    private readonly LoopbackHttp _http;
    private readonly ConcurrentDictionary<string, bool> _tokens = new();

    public MetadataStandIn() => _http = new LoopbackHttp(certificate: null, async (request, cancellationToken) =>
    {
        if (Latency > TimeSpan.Zero) await Task.Delay(Latency, cancellationToken);
        return Take(request) with { Date = Clock.GetUtcNow() };
    });

    public string Address => _http.Address;

    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>The instance's role; null for none.</summary>
    public string? Role { get; set; } = "acm-reader";

    /// <summary>Whether a request without a token is refused, as on an instance that enforces the hardened mode.</summary>
    public bool IsHardened { get; set; }

    /// <summary>Whether tokens are given: older instances have none.</summary>
    public bool GivesTokens { get; set; } = true;

    /// <summary>How long each answer takes.</summary>
    public TimeSpan Latency { get; set; }

    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(6);

    public IssuedCredentials Issued { get; init; } = new();

    /// <summary>What it answers to the next request for credentials instead.</summary>
    public ConcurrentQueue<StandInReply> NextCredentials { get; } = new();

    /// <summary>Every request, as method and path, in the order of arrival.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public ValueTask DisposeAsync() => _http.DisposeAsync();

    private StandInReply Take(StandInRequest request)
    {
        bool hasToken = request.Headers.TryGetValue("X-aliyun-ecs-metadata-token", out string? token);
        Requests.Enqueue($"{request.Method} {request.Path}{(hasToken ? " with token" : "")}");

        // Only these three requests are expected.
        if (request.Query.Length > 0 || request.Body.Length > 0 || request.Headers.ContainsKey("Spas-AccessKey")) return Text(400, "unexpected");
        if (request is { Method: "PUT", Path: "/latest/api/token" }) return GiveToken(request);
        if (hasToken ? !_tokens.ContainsKey(token!) : IsHardened) return Text(403, "forbidden");
        if (request.Method != "GET" || !request.Path.StartsWith(RolePath, StringComparison.Ordinal)) return Text(404, "not found");
        if (Role is null) return Text(404, "not found");

        string role = request.Path[RolePath.Length..];
        if (role.Length == 0) return Text(200, Role);
        if (role != Role) return Text(404, "not found");
        if (NextCredentials.TryDequeue(out StandInReply? next)) return next;

        JsonObject credentials = Issued.Issue(Clock.GetUtcNow(), Lifetime);
        credentials["LastUpdated"] = Clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        credentials["Code"] = "Success";
        return new StandInReply(200, credentials.ToJsonString());
    }

    private StandInReply GiveToken(StandInRequest request)
    {
        if (!GivesTokens) return Text(404, "not found");
        if (!int.TryParse(request.Headers.GetValueOrDefault("X-aliyun-ecs-metadata-token-ttl-seconds"), CultureInfo.InvariantCulture, out int lifetime) || lifetime is < 1 or > 21600) return Text(400, "bad lifetime");

        string token = Issued.Mark + "-imds-" + Guid.NewGuid().ToString("N");
        _tokens[token] = true;
        return Text(200, token);
    }

    private static StandInReply Text(int status, string body) => new(status, body, "text/plain");
}
