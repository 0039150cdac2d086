using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Acm.Conformance.Json;
using Acm.Conformance.Recordings;

namespace Acm.Conformance;

/// <summary>Creates the recording of a synthetic server, with one row of each kind. The number of the run changes all values that vary between runs.</summary>
internal sealed class TwoRuns
{
    private const string Json = "application/json;charset=UTF-8";
    private const string Metadata = "metadata:\n- appName: app1\n  dataId: rec.e1\n  desc: 'desc: with ''quotes'''\n  group: REC\n  type: yaml\n- appName: ''\n  dataId: rec.e2\n  group: REC\n  type: text\n";

    private readonly int _run;
    private readonly Recording _recording = new();
    private double _at;

    private TwoRuns(int run)
    {
        _run = run;
        _at = 1_795_967_521.0 + (100_000 * run);
    }

    private string Uuid => _run % 2 == 0 ? "44def23f-3102-4c5e-9d5a-000000000001" : "f0def23f-3102-4c5e-9d5a-00000000000f";

    private string Small => new('7', 1 + _run);

    private long Now => (long)(_at * 1000);

    private string Iso => string.Create(CultureInfo.InvariantCulture, $"2026-11-{29 - (_run % 2):00}T15:52:{10 + _run:00}.{100 + _run}+00:00");

    public static string ConfigId(int run, int number) => (1_101_165_392_958_590_976 + (number * 4096L) + (run * 10_000_000_000_000)).ToString(CultureInfo.InvariantCulture);

    public static string HistoryId(int run, int number) => (250 + number + (1000 * run)).ToString(CultureInfo.InvariantCulture);

    public static Recording Record(int run)
    {
        var maker = new TwoRuns(run);
        maker.RecordHttp();
        maker.RecordOthers();
        maker.RecordGrpc();
        return maker._recording;
    }

    public static byte[] Zip(params (string Name, string Text)[] entries)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, string text) in entries)
            {
                using Stream entry = zip.CreateEntry(name).Open();
                entry.Write(Encoding.UTF8.GetBytes(text));
            }
        }

        return bytes.ToArray();
    }

    public static (string Name, string Text)[] ZipEntries() => [("REC/rec.e1", "a: 1\n"), ("REC/rec.e2", "t"), (".metadata.yml", Metadata)];

    private static JsonMap Map(object value) => (JsonMap)JsonValue.Parse(JsonSerializer.Serialize(value))!;

    private void Add(string family, string scenario, string step, object? request, object? response, double elapsed = 5, object? more = null)
    {
        _at += 0.3;
        JsonMap members = Map(new { scenario, step, at = _at, elapsed_ms = elapsed + _run });
        if (request is not null) members["request"] = Map(request);
        if (response is not null) members["response"] = response as JsonMap ?? Map(response);
        JsonMap extra = more is null ? new JsonMap() : Map(more);
        foreach (string name in extra.Names) members[name] = extra[name];
        _recording.Add(family, new Row(members));
    }

    private void Http(string family, string scenario, string step, string path, int status = 200, object? body = null, string kind = Json, string[][]? headers = null, string method = "GET", string query = "", double elapsed = 5)
    {
        string[][] all = [["Vary", "Origin"], ["Date", $"day {_run}"], ["Content-Type", kind], .. headers ?? []];
        string text = body as string ?? (body is null ? "" : JsonSerializer.Serialize(body));
        Add(family, scenario, step, new { method, target = "http", path = "/nacos" + path, query, headers = Array.Empty<string>() }, new { status, headers = all, body = text }, elapsed);
    }

    private void RecordHttp()
    {
        string[][] config = [["Config-Type", "yaml"], ["Content-MD5", "9de2a49d06deb9c0194660123ef188d8"], ["Last-Modified", $"day {_run}"]];
        string token = $"TOKEN{1 + _run}";
        Http("auth", "login", "login", "/v1/auth/login", body: new { accessToken = token, tokenTtl = 18000 }, headers: [["Authorization", "Bearer " + token]], method: "POST");
        Http("auth", "login", "refused", "/v1/cs/configs", 403, "token expired!", "text/plain;charset=UTF-8", [["WWW-Authenticate", "Basic"]]);
        for (int n = 0; n < 1 + (2 * _run); n++) Http("auth", "session", "wait-v1", "/v1/auth/login", body: new { accessToken = "TOKEN1" });

        const string F = "http-v1";
        const string S = "v1.get";
        Http(F, S, "absent", "/v1/cs/configs", 404, "config data not exist\n");
        Http(F, S, "put", "/v1/cs/configs", body: "true", method: "POST");
        Http(F, S, "put", "/v1/cs/configs", body: "true", method: "POST");
        Http(F, S, "present", "/v1/cs/configs", body: "{\"a\": 1}", headers: [.. config, ["isBeta", "true"], ["tag", "tg"], ["Encrypted-Data-Key", ""]]);
        Http(F, S, "detail", "/v1/cs/configs", query: "show=all", body: new { id = ConfigId(_run, 1), dataId = "rec.get", content = "a: 2", type = "yaml", desc = (string?)null, createTime = Now, modifyTime = Now, createIp = "127.0.0.1" });
        Http(F, S, "error-text", "/v1/cs/configs", 500, "caused: the parameter is not present;", "text/plain;charset=UTF-8");
        Http(F, S, "error-page", "/v9", 404, new { timestamp = Iso, status = 404, error = "Not Found", message = "No message available", path = "/nacos/v9" }, "application/json");
        Http(F, S, "moved", "", 302, headers: [["Location", $"http://127.0.0.1:{8848 + _run}/nacos/"], ["Retry-After", "5"], ["Cache-Control", "no-cache"]]);
        Add(F, S, "silent", new { method = "GET", path = "/nacos/v1/x" }, new { status = 0, headers = Array.Empty<string>(), error = "RemoteDisconnected: closed", body = "" });
        Add(F, S, "huge", new { method = "GET", path = "/nacos/v1/x" }, new { status = 200, headers = Array.Empty<string>(), body_note = new { bytes = 300_000, sha256 = new string('a', 64), head = "hhh", tail = "hhh" } });
        Add(F, S, "huge-json", new { method = "GET", path = "/nacos/v3/x" }, new
        {
            status = 200,
            headers = Array.Empty<string>(),
            body_note = new
            {
                bytes = 300_000 + Small.Length,
                sha256 = new string((char)('0' + _run), 64),
                head = $$$"""{"data":{"id":"{{{Small}}}","md5":"9dd4","createTime":{{{Now}}},"content":"hhh""",
                tail = "hhh\"}}",
            },
        });
        Http(F, "v1.search", "list", "/v1/cs/configs", query: "search=blur", body: new
        {
            totalCount = 3,
            pageItems = new[] { 1, 2, 3 }.Select(n => new { id = ConfigId(_run, n), dataId = $"rec.s{n}", group = "REC", type = "text", md5 = (string?)null }),
        });
        Http(F, "v1.history", "history", "/v1/cs/history", query: "search=accurate", body: new { totalCount = 3, pageItems = new[] { History(3, "D", "b"), History(2, "U", "b"), History(1, "U", "a"), History(0, "I", "a") } });
        Http(F, "v1.history", "item-00", "/v1/cs/history", body: History(3, "D", "b"));
        Http(F, "v1.capacity", "tenant", "/v1/cs/capacity", body: new { code = 200, data = new { id = "7", quota = 200, tenant = "x" } });
        Http(F, "v1.capacity", "group", "/v1/cs/capacity", body: new { code = 200, data = new { id = "7", quota = 200, group = "x" } });
        var names = new[] { ("", "public"), (Uuid, "given by the server"), ("rec-a", "A"), ("rec-b", "B") }.OrderBy(n => n.Item1, StringComparer.Ordinal);
        Http(F, "v1.namespaces", "namespaces", "/v1/console/namespaces", body: new { code = 200, data = names.Select(n => new { @namespace = n.Item1, namespaceShowName = n.Item2 }) });
        Http(F, "v1.namespaces", "refused-namespace", "/v1/console/namespaces", body: new { code = 500, message = "cannot do that", data = "because of that" });
        Http(F, "v1.state", "nodes", "/v1/core/cluster/nodes", body: new { data = new[] { new { ip = "127.0.0.1", port = 8848 + _run, state = "UP", raftMetaData = new Dictionary<string, int> { [$"g{_run}"] = 1 } } } });
        Http(F, "v1.state", "connections", "/v2/core/loader/current", body: (_run % 2 == 0 ? new[] { (2, 1), (1, 2) } : [(1, 2), (2, 1)]).ToDictionary(n => Connection(n.Item1), n => new { connected = true, number = n.Item2 }));
        Http(F, "v1.read_after_write", "put0", "/v1/cs/configs", body: "true", method: "POST");
        for (int n = 0; n < 1 + _run; n++) Http(F, "v1.read_after_write", "get0", "/v1/cs/configs", 404, "config data not exist\n");
        Http(F, "v1.read_after_write", "get0", "/v1/cs/configs", body: "v0", headers: config);
        Http(F, S, "zz-cleanup", "/v1/cs/configs", body: _run.ToString(CultureInfo.InvariantCulture));
        Http("http-v2", "v2.get", "enveloped", "/v2/cs/config", body: new { code = 0, message = "success", data = "a: 2" }, headers: config);
    }

    private void RecordOthers()
    {
        foreach ((string step, bool isListed) in new[] { ("export-all", true), ("export-other", false) })
        {
            Add("export-import", "x", step, new { method = "GET", path = "/nacos/v1/cs/configs", query = "export=true" }, new
            {
                status = 200,
                headers = new[] { new[] { "Content-Disposition", $"attachment;filename=nacos_config_export_2026112915520{_run}.zip" } },
                body_base64 = Convert.ToBase64String(Zip(ZipEntries())),
            });
            if (isListed) Add("export-import", "x", step + "-listing", null, null, more: new { note = "entries of the zip", listing = ZipEntries().Select(e => new { name = e.Name, size = e.Text.Length, text = e.Text }) });
        }

        Http("longpoll", "lp", "timeout", "/v1/cs/configs/listener", method: "POST", elapsed: 10_002 + (300 * _run));
        Http("longpoll", "lp", "at-once-wrong", "/v1/cs/configs/listener", body: "rec.a%02REC%01rec.b%02REC%01rec.c%02REC%01\n", headers: [["Probe-Modify-Response", "rec.a:REC;"]], method: "POST", elapsed: 4);
        Http("longpoll", "lp", "change-poll", "/v1/cs/configs/listener", body: "rec.a%02REC%01\n", method: "POST", elapsed: 1060 - (30 * _run));
        Add("longpoll", "lp", "change-result", null, null, more: new { note = "keys", keys = new[] { new[] { "rec.a", "REC" } }, seconds = 0.26 + (_run / 10.0) });
    }

    private void RecordGrpc()
    {
        Grpc("server-check", "ServerCheckResponse", new { resultCode = 200, errorCode = 0, connectionId = Connection(1) });
        Grpc("server-check-other", "ServerCheckResponse", new { resultCode = 200, errorCode = 0, connectionId = Connection(2) });
        Add("grpc", "listen", "setup", new { rpc = "/BiRequestStream/requestBiStream", type = "ConnectionSetupRequest" }, null);
        Push("c", "SetupAckRequest", new { requestId = (1 + _run).ToString(CultureInfo.InvariantCulture) }, "setup");
        Grpc("query", "ConfigQueryResponse", new { resultCode = 200, errorCode = 0, content = "x", lastModified = Now, md5 = "9dd4", requestId = (string?)null });
        Grpc("query-absent", "ConfigQueryResponse", new { resultCode = 500, errorCode = 300, message = "config data not exist", lastModified = 0 });
        Grpc("listen", "ConfigChangeBatchListenResponse", new { resultCode = 200, changedConfigs = new[] { new { dataId = "a", group = "REC" }, new { dataId = "b", group = "REC" } } });
        Push("c", "ConfigChangeNotifyRequest", new { requestId = (5 + _run).ToString(CultureInfo.InvariantCulture), dataId = "rec.g0" }, "change");
        Push("c", "ConfigChangeNotifyRequest", new { requestId = (6 + _run).ToString(CultureInfo.InvariantCulture), dataId = "rec.g1" }, "change-2");
        Push("c", "ClientDetectionRequest", new { requestId = (9 + _run).ToString(CultureInfo.InvariantCulture) }, _run > 0 ? "change-2" : "listen");
        Add("grpc", "listen", "quiet-no-push", null, null, more: new { note = "no push within 4 s", connection = "c", stream_end = (string?)null });
        Add("grpc", "listen", "failing", new { rpc = "/Request/request", type = "X" }, new { error = "StatusCode.UNKNOWN: something" });
        string[][] batches = _run % 2 == 0 ? [["k1", "k2"], ["k3"]] : [["k3", "k1"], ["k2"]];
        foreach (int n in _run % 2 == 0 ? new[] { 0, 1 } : [1, 0])
        {
            Push("fuzzy", "ConfigFuzzyWatchSyncRequest", new { requestId = (20 + n).ToString(CultureInfo.InvariantCulture), totalBatch = 2, currentBatch = n + 1, contexts = batches[n].Select(k => new { groupKey = k, changedType = "ADD" }) }, "watch");
        }

        for (int n = 0; n < 3; n++)
        {
            bool isEarly = n < 1 + (_run % 2);
            Grpc($"at-once-{n}", isEarly ? "ErrorResponse" : "HealthCheckResponse", new { resultCode = isEarly ? 500 : 200, errorCode = isEarly ? 301 : 0 }, "setups");
        }
    }

    private object History(int number, string operation, string content) => new
    {
        id = HistoryId(_run, number),
        lastId = -1,
        dataId = "rec.h",
        content,
        opType = operation,
        extInfo = "{\"type\":\"yaml\",\"c_desc\":\"d1\"}",
        createdTime = "2010-05-05T00:00:00.000+00:00",
        lastModifiedTime = Iso,
    };

    private string Connection(int number) => string.Create(CultureInfo.InvariantCulture, $"{1_795_967_521_000 + (100_000_000L * _run) + number}_127.0.0.1_{40_000 + (7 * number) + (100 * _run)}");

    private void Grpc(string step, string type, object body, string scenario = "listen") =>
        Add("grpc", scenario, step, new { rpc = "/Request/request", type = "Request", body = "{}" }, Payload(type, body, ""));

    private void Push(string connection, string type, object body, string after) => Add("grpc", "listen", "push-" + connection, null, Payload(type, body, "127.0.0.1"), more: new { after, acknowledged = true });

    private static JsonMap Payload(string type, object body, string address) => Map(new { type, client_ip = address, headers = new { }, type_url = "", body = JsonSerializer.Serialize(body) });
}
