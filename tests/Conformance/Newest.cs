using Acm.Conformance.Recordings;

namespace Acm.Conformance;

/// <summary>
/// Compares generation 3.2 with the recordings of 3.0.3: the v3 calls have the same responses, and the v1 and v2 calls, except
/// login and health, are not found.
/// </summary>
internal static class Newest
{
    private const string Name = "3.2";
    private const string OldConfigs = "/nacos/v1/cs/configs";
    private const string Configs = "/nacos/v3/admin/cs/config";

    // A row that is sent but not compared.
    private const string Uncompared = "zz-cleanup";

    private static readonly string[] Kept = ["/nacos/v1/auth/users/login", "/nacos/v1/auth/login", "/nacos/v1/ns/operator/metrics"];

    // The families with v1 and v2 calls only.
    private static readonly string[] OldFamilies = ["http-v1", "http-v2", "longpoll"];

    public static bool Is(string version) => version.StartsWith(Name, StringComparison.Ordinal);

    /// <summary>Returns the recording to compare a version with.</summary>
    public static Recording Load(string version)
    {
        Recording real = Recording.Load(version.Replace(Name, "3.0.3", StringComparison.Ordinal));
        foreach ((string family, List<Row> rows) in real.Families)
        {
            if (!OldFamilies.Contains(family)) rows.ForEach(WriteWithNewCall);
        }

        return real;
    }

    /// <summary>Returns the compared rows of both recordings.</summary>
    public static Recording WithoutOlderCalls(Recording recording)
    {
        Recording newer = recording.Clone();
        foreach (string family in OldFamilies.Where(name => newer.Families.Any(family => family.Family == name)).ToList()) newer.RemoveFamily(family);
        foreach ((_, List<Row> rows) in newer.Families) rows.RemoveAll(IsOlderCall);
        return newer;
    }

    /// <summary>Returns the v1 and v2 calls with a status other than 404, one per line.</summary>
    public static IReadOnlyList<string> Found(Recording ours) =>
        [.. ours.AllRows.Where(row => IsOlderCall(row) && IsRouted(row) && row.Response is { } response && response.Number("status") is not 404)
            .Select(row => $"{row.Scenario}/{row.Step}: {row.Request!.Text("method")} {row.Request.Text("path")} {row.Response!.Number("status")}")];

    public static int CountOlderCalls(Recording ours) => ours.AllRows.Count(row => IsOlderCall(row) && IsRouted(row));

    private static bool IsOlderCall(Row row) =>
        row.Request?.Text("path") is { } path && !Kept.Contains(path)
        && (path.StartsWith("/nacos/v1/", StringComparison.Ordinal) || path.StartsWith("/nacos/v2/", StringComparison.Ordinal));

    // Invalid paths, unknown methods and long headers are rejected before routing.
    private static bool IsRouted(Row row) => !row.Scenario.EndsWith(".odd", StringComparison.Ordinal) && row.Response?.Number("status") is not 400;

    /// <summary>Returns the v3 call for a v1 call, which some v3 scenarios use to write and clean up.</summary>
    private static void WriteWithNewCall(Row row)
    {
        if (row.Request is not { } request || request.Text("path") != OldConfigs || request.Text("method") is not ("POST" or "DELETE")) return;

        request["path"] = Configs;
        row.Members["step"] = Uncompared;
        foreach (string part in new[] { "query", "body" })
        {
            if (request.Text(part) is { } text) request[part] = string.Join('&', text.Split('&').Select(NewName));
        }
    }

    private static string NewName(string field)
    {
        if (field.StartsWith("group=", StringComparison.Ordinal)) return "groupName" + field["group".Length..];
        return field.StartsWith("tenant=", StringComparison.Ordinal) ? "namespaceId" + field["tenant".Length..] : field;
    }
}
