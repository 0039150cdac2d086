namespace Acm.Tests.Support;

/// <summary>A request as it came over the socket. The body is shown byte by byte as Latin-1.</summary>
internal sealed record ScriptedRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public bool IsPublish => Target.Contains("syncUpdateAll", StringComparison.Ordinal);

    public bool IsGet => Method == "GET" && Target.StartsWith("/diamond-server/config.co?", StringComparison.Ordinal);

    public bool IsBatch => Target.Contains("batchGetConfig", StringComparison.Ordinal);
}
