namespace Acm.Tests.Support;

/// <summary>A request as received on the socket. The body is decoded as Latin-1, one character per byte.</summary>
internal sealed record ScriptedRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public bool IsPublish => Target.Contains("syncUpdateAll", StringComparison.Ordinal);

    public bool IsGet => Method == "GET" && Target.StartsWith("/diamond-server/config.co?", StringComparison.Ordinal);

    public bool IsRemove => Target.Contains("deleteAllDatums", StringComparison.Ordinal);

    public bool IsList => Target.Contains("getAllConfigByTenant", StringComparison.Ordinal);

    public bool IsAddress => Target.StartsWith("/diamond-server/diamond", StringComparison.Ordinal);

    /// <summary>Gets whether the request is a poll for changes.</summary>
    public bool IsPoll => Method == "POST" && Target == "/diamond-server/config.co";

    /// <summary>Gets whether the request is a long poll.</summary>
    public bool Hangs => IsPoll && !Headers.ContainsKey("longPullingNoHangUp");

    /// <summary>Gets the keys of a poll, with the MD5s of the client's values.</summary>
    public IEnumerable<(string DataId, string Md5)> Probe => Uri.UnescapeDataString(Body["Probe-Modify-Request=".Length..])
        .Split('\u0001', StringSplitOptions.RemoveEmptyEntries).Select(item => item.Split('\u0002')).Select(words => (words[0], words[2]));

    public bool IsBatch => Target.Contains("batchGetConfig", StringComparison.Ordinal);

    /// <summary>Returns a number in the query, such as <c>pageNo</c>.</summary>
    public int Number(string name) => int.Parse(Field(name), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Returns a field of the query, such as <c>dataId</c>.</summary>
    public string Field(string name) =>
        Uri.UnescapeDataString(Target.Split('?', 2)[1].Split('&').Single(part => part.StartsWith(name + "=", StringComparison.Ordinal))[(name.Length + 1)..]);
}
