namespace Acm.Tests.Support;

/// <summary>A request as it came over the socket. The body is shown byte by byte as Latin-1.</summary>
internal sealed record ScriptedRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public bool IsPublish => Target.Contains("syncUpdateAll", StringComparison.Ordinal);

    public bool IsGet => Method == "GET" && Target.StartsWith("/diamond-server/config.co?", StringComparison.Ordinal);

    public bool IsRemove => Target.Contains("deleteAllDatums", StringComparison.Ordinal);

    public bool IsList => Target.Contains("getAllConfigByTenant", StringComparison.Ordinal);

    public bool IsAddress => Target.StartsWith("/diamond-server/diamond", StringComparison.Ordinal);

    public bool IsBatch => Target.Contains("batchGetConfig", StringComparison.Ordinal);

    /// <summary>A number of the query, such as <c>pageNo</c>.</summary>
    public int Number(string name)
    {
        string field = Target.Split('?', 2)[1].Split('&').Single(part => part.StartsWith(name + "=", StringComparison.Ordinal));
        return int.Parse(field[(name.Length + 1)..], System.Globalization.CultureInfo.InvariantCulture);
    }
}
