using System.Globalization;
using System.Text;
using System.Text.Json;
using Acm.Client;
using Acm.Tests.Support;

namespace Acm.Tests.StandIns.Nacos;

/// <summary>
/// A node of a Nacos cluster on real sockets with the API of 1.x and 2.x, and with faults recorded from real clusters. Several nodes share one <see cref="ClusterState"/>. It shares no code with
/// the product.
/// </summary>
internal sealed class FaultyNode : IAsyncDisposable
{
    private const string Group = "DEFAULT_GROUP";
    private const string Configs = "/nacos/v1/cs/configs";

    /// <summary>What a node without a leader says, in turn.</summary>
    private static readonly string[] LeaderTexts =
    [
        "caused: errCode: 500, errMsg: java.util.concurrent.ExecutionException: com.alibaba.nacos.consistency.exception.ConsistencyException: UNAVAILABLE: io exception ;",
        "caused: errCode: 500, errMsg: java.util.concurrent.ExecutionException: com.alibaba.nacos.consistency.exception.ConsistencyException: Could not find leader : nacos_config ;",
    ];

    private readonly ClusterState _truth;
    private readonly string _version;
    private int _leaderText;

    /// <param name="truth">The stored configurations.</param>
    /// <param name="version">The version, 1.x or 2.x. Versions before 2.3 ignore the condition of a publish.</param>
    public FaultyNode(ClusterState truth, string version = "2.5.1")
    {
        _truth = truth;
        _version = version;
        Http = new ScriptedServer(Answer);
    }

    public ScriptedServer Http { get; }

    public NodeFaults Faults { get; set; } = new();

    /// <summary>Whether it says that it is no node of a cluster.</summary>
    public bool IsAlone { get; init; }

    /// <summary>Whether it answers a refused condition without a word of it, as followers do.</summary>
    public bool IsFollower { get; init; }

    /// <summary>How much faster than the clock on the wall polls end.</summary>
    public int Speed { get; init; } = 1;

    /// <summary>How long a token lives.</summary>
    public int TokenSeconds { get; init; } = 18_000;

    public static bool IsPoll(ScriptedRequest request) => request.Target.StartsWith(Configs + "/listener", StringComparison.Ordinal);

    /// <summary>Whether it wants to be held until something changes.</summary>
    public static bool Hangs(ScriptedRequest request) => IsPoll(request) && !request.Headers.ContainsKey("Long-Pulling-Timeout-No-Hangup");

    public static bool IsPublish(ScriptedRequest request) => request.Method == "POST" && request.Target == Configs;

    public static bool IsGet(ScriptedRequest request) => request.Method == "GET" && request.Target.StartsWith(Configs + "?dataId=", StringComparison.Ordinal);

    public static bool IsDetail(ScriptedRequest request) => request.Target.StartsWith(Configs + "?show=all", StringComparison.Ordinal);

    public static bool IsList(ScriptedRequest request) => request.Target.StartsWith(Configs + "?search=", StringComparison.Ordinal);

    public static bool IsLogin(ScriptedRequest request) => request.Target.Contains("/login", StringComparison.Ordinal);

    /// <summary>A client of some nodes, in this order.</summary>
    public static AcmClientOptions Options(params FaultyNode[] nodes) => new()
    {
        Endpoint = string.Join(",", nodes.Select(node => node.Http.Address)),
        Direct = true,
        ServerType = AcmServerType.Nacos,
        NoSnapshot = true,
        TryTimeout = Clients.Deadline,
    };

    public int Count(Func<ScriptedRequest, bool> isIt) => Http.Requests.Count(isIt);

    public ValueTask DisposeAsync() => Http.DisposeAsync();

    private ScriptedReply Answer(ScriptedRequest request)
    {
        Task changed = _truth.Changed;
        NodeFaults faults = Faults;
        if (faults.Script(request) is { } scripted) return scripted;
        if (faults.Always is { } always) return always;
        if (request.Target == "/nacos/v1/console/server/state") return Json(200, $$"""{"version":"{{_version}}","standalone_mode":"{{(IsAlone ? "standalone" : "cluster")}}","startup_mode":"{{(IsAlone ? "standalone" : "cluster")}}"}""");
        if (IsLogin(request)) return Json(200, $$"""{"accessToken":"token","tokenTtl":{{TokenSeconds}},"globalAdmin":true}""");
        if (IsPoll(request)) return Poll(request, changed);
        if (IsGet(request)) return Get(request.Field("dataId"));
        if (IsDetail(request)) return Detail(request.Field("dataId"));
        if (IsList(request)) return faults.NoLeader ? WithoutLeader() : List();
        if (request.Target == Configs && request.Method == "POST") return Publish(request);
        if (request.Method == "DELETE") return Write(() => _truth.Write(request.Field("dataId"), content: null, "client"));
        return ScriptedReply.Status(404);
    }

    private ScriptedReply Get(string dataId)
    {
        if (Faults.Busy > 0)
        {
            Faults.Busy--;
            return Text(409, "requested file is being modified, please try later.");
        }

        if (Faults.Denies(dataId) || Served(dataId) is not { Content: { } content } served) return Text(404, "config data not exist\n");

        byte[] body = Encoding.UTF8.GetBytes(content);
        return ScriptedReply.Raw(200, $"Content-Type: text/plain;charset=UTF-8\r\nContent-MD5: {served.Md5}\r\nConfig-Type: text\r\nLast-Modified: {served.Modified.ToString("r", CultureInfo.InvariantCulture)}", body);
    }

    private ScriptedReply Detail(string dataId)
    {
        if (Faults.CutOff is not null) return WithoutLeader();
        if (_truth.Stored(dataId) is not { } stored) return Text(200, "");

        return Json(200, JsonSerializer.Serialize(new { id = "1", dataId, group = Group, content = stored.Content, md5 = stored.Md5, tenant = "", appName = "", type = "text", modifyTime = stored.Modified.ToUnixTimeMilliseconds() }));
    }

    private ScriptedReply List()
    {
        if (Faults.CutOff is not null) return WithoutLeader();

        string[] names = [.. _truth.Names.Where(name => !Faults.Unlisted(name))];
        return Json(200, JsonSerializer.Serialize(new
        {
            totalCount = names.Length,
            pageNumber = 1,
            pagesAvailable = names.Length == 0 ? 0 : 1,
            pageItems = names.Select(dataId => new { id = "1", dataId, group = Group, content = _truth.Stored(dataId)?.Content ?? "", md5 = (string?)null, tenant = "", appName = "", type = "text" }),
        }));
    }

    private ScriptedReply Publish(ScriptedRequest request)
    {
        string? casMd5 = request.Headers.GetValueOrDefault("casMd5");
        if (!ComparesMd5) casMd5 = null;
        string dataId = Form(request, "dataId");
        string content = Form(request, "content");
        return Write(() => _truth.Write(dataId, content, "client", casMd5));
    }

    private ScriptedReply Write(Func<bool> write)
    {
        if (Faults.NoLeader || Faults.CutOff is not null) return WithoutLeader();

        bool isStored = write();
        if (Faults.FailsAfterWriting > 0)
        {
            Faults.FailsAfterWriting--;
            return WithoutLeader();
        }

        if (isStored) return Text(200, "true");
        return Text(500, IsFollower
            ? "caused: errCode: 500, errMsg: java.util.concurrent.ExecutionException: com.alibaba.nacos.consistency.exception.ConsistencyException:  ;"
            : "caused: Cas publish fail, server md5 may have changed.;");
    }

    private ScriptedReply Poll(ScriptedRequest request, Task changed)
    {
        ScriptedReply now = PollAnswer(request);
        if (now.Parts[1].Length > 0 || !Hangs(request)) return now;

        double hold = double.Parse(request.Headers["Long-Pulling-Timeout"], CultureInfo.InvariantCulture) - 500;
        return now with { Gate = Task.WhenAny(changed, Task.Delay(TimeSpan.FromMilliseconds(hold / Speed))), Late = () => Faults.Always ?? PollAnswer(request) };
    }

    private ScriptedReply PollAnswer(ScriptedRequest request) => Text(200, string.Concat(Listened(request)
        .Where(item => item.Md5 != (Served(item.DataId)?.Md5 ?? ""))
        .Select(item => $"{Uri.EscapeDataString(item.DataId)}%02{Group}{(item.Tenant.Length == 0 ? "" : "%02" + item.Tenant)}%01")) is { Length: > 0 } keys ? keys + "\n" : "");

    private static IEnumerable<(string DataId, string Md5, string Tenant)> Listened(ScriptedRequest request) => Form(request, "Listening-Configs")
        .Split('\u0001', StringSplitOptions.RemoveEmptyEntries).Select(item => item.Split('\u0002')).Select(words => (words[0], words[2], words.Length > 3 ? words[3] : ""));

    /// <summary>What clients are served. A listen compares with it, too, and knows what reads deny.</summary>
    private StoredVersion? Served(string dataId) =>
        Faults.CutOff is { } old ? old.GetValueOrDefault(dataId)
        : Faults.Behind.TryGetValue(dataId, out StoredVersion? behind) ? behind
        : _truth.Refused.TryGetValue(dataId, out StoredVersion? refused) ? refused
        : _truth.Stored(dataId);

    private bool ComparesMd5 => _version[0] > '2' || (_version[0] == '2' && int.Parse(_version.Split('.')[1], CultureInfo.InvariantCulture) >= 3);

    private ScriptedReply WithoutLeader() => Text(500, LeaderTexts[Interlocked.Increment(ref _leaderText) % LeaderTexts.Length]);

    private static ScriptedReply Text(int status, string body) => ScriptedReply.Text(status, "text/plain;charset=UTF-8", body);

    private static ScriptedReply Json(int status, string body) => ScriptedReply.Text(status, "application/json;charset=UTF-8", body);

    private static string Form(ScriptedRequest request, string name)
    {
        string value = request.Body.Split('&').Single(part => part.StartsWith(name + "=", StringComparison.Ordinal))[(name.Length + 1)..];
        return Uri.UnescapeDataString(value.Replace('+', ' '));
    }
}
