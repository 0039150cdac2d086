namespace Acm.Tests.Support;

/// <summary>A request as it came over the socket. The body is shown byte by byte as Latin-1.</summary>
internal sealed record ScriptedRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public bool IsPublish => Target.Contains("syncUpdateAll", StringComparison.Ordinal);

    public bool IsGet => Method == "GET" && Target.StartsWith("/diamond-server/config.co?", StringComparison.Ordinal);

    public bool IsRemove => Target.Contains("deleteAllDatums", StringComparison.Ordinal);

    public bool IsList => Target.Contains("getAllConfigByTenant", StringComparison.Ordinal);

    public bool IsAddress => Target.StartsWith("/diamond-server/diamond", StringComparison.Ordinal);

    /// <summary>Whether it asks for changes of watched keys.</summary>
    public bool IsPoll => Method == "POST" && Target == "/diamond-server/config.co";

    /// <summary>Whether it is a poll that wants to be held.</summary>
    public bool Hangs => IsPoll && !Headers.ContainsKey("longPullingNoHangUp");

    /// <summary>The keys of a poll, with what the client has of each.</summary>
    public IEnumerable<(string DataId, string Md5)> Probe => Uri.UnescapeDataString(Body["Probe-Modify-Request=".Length..])
        .Split('\u0001', StringSplitOptions.RemoveEmptyEntries).Select(item => item.Split('\u0002')).Select(words => (words[0], words[2]));

    public bool IsBatch => Target.Contains("batchGetConfig", StringComparison.Ordinal);

    /// <summary>A number of the query, such as <c>pageNo</c>.</summary>
    public int Number(string name) => int.Parse(Field(name), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A field of the query, such as <c>dataId</c>.</summary>
    public string Field(string name) =>
        Uri.UnescapeDataString(Target.Split('?', 2)[1].Split('&').Single(part => part.StartsWith(name + "=", StringComparison.Ordinal))[(name.Length + 1)..]);
}
