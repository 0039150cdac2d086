namespace Acm.Benchmarks;

/// <summary>Measures a server with very many configurations of 2 KB: startup, memory, and pages of the Nacos API.</summary>
internal static class NacosSize
{
    private const int ContentSize = 2048;
    private const int Runs = 5;
    private const int Many = 10_000;
    private const int VeryMany = 100_000;
    private const int PageSize = 500;
    private const int Revisions = 100;
    private const double StartBound = 1_000;
    private const double MemoryBound = 120;
    private const double PageBound = 10;

    // Bounds without a reference: the cache of contents has at most 128 MB, and a search in contents has no index.
    private const double MemoryOfVeryManyBound = 400;
    private const double ContentSearchBound = 3_000;

    private const string V1 = "/nacos/v1/cs/configs?pageSize=500&search=";
    private const string V2 = "/nacos/v2/cs/config/searchDetail?pageSize=500&search=";
    private const string V3 = "/nacos/v3/admin/cs/config/list?pageSize=500&search=";

    // The page of all configurations, or of those that meet a condition.
    private static readonly (string Name, string Query)[] Pages =
    [
        ("all, v1", V1 + "accurate&dataId=&group=&pageNo=100"),
        ("a group, v1", V1 + "accurate&dataId=&group=DEFAULT_GROUP&pageNo=100"),
        ("a prefix, v1", V1 + "blur&dataId=app-0*&group=&pageNo=10"),
        ("part of a name, v1", V1 + "blur&dataId=*77*&group=&pageNo=2"),
        ("part of all names, v1", V1 + "blur&dataId=*txt*&group=&pageNo=100"),
        ("two conditions, v1", V1 + "blur&dataId=*77*&group=DEFAULT_GROUP&pageNo=1"),
        ("all, v2", V2 + "accurate&dataId=&group=&config_detail=&pageNo=100"),
        ("part of a name, v2", V2 + "blur&dataId=*77*&group=&config_detail=&pageNo=2"),
        ("all, ACM", "/diamond-server/basestone.do?method=getAllConfigByTenant&pageNo=100&pageSize=500"),
    ];

    private static readonly (string Name, string Query)[] V3Pages =
    [
        ("all, v3", V3 + "accurate&dataId=&groupName=&pageNo=100"),
        ("a group, v3", V3 + "accurate&dataId=&groupName=DEFAULT_GROUP&pageNo=100"),
        ("part of a name, v3", V3 + "blur&dataId=*77*&groupName=&pageNo=2"),
    ];

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "data.db");
        var figures = new List<Figure>();
        await using (BenchmarkServer server = await BenchmarkServer.StartOnFileAsync(file, "--nacos-generation", "2"))
        {
            using var http = new HttpClient { BaseAddress = server.Uri, Timeout = TimeSpan.FromMinutes(5) };
            await MeasureManyAsync(server, http, figures);
            await MeasureVeryManyAsync(server, http, figures);
        }

        await using BenchmarkServer third = await BenchmarkServer.StartOnFileAsync(file, "--nacos-generation", "3");
        using var client = new HttpClient { BaseAddress = third.Uri };
        await MeasurePagesAsync(client, V3Pages, figures);
        return figures;
    }

    private static async Task MeasureManyAsync(BenchmarkServer server, HttpClient http, List<Figure> figures)
    {
        string[] names = await server.FillAsync(Many, ContentSize);
        var starts = new List<double>();
        var memories = new List<double>();
        for (int run = 0; run < Runs; run++)
        {
            server.Kill();
            starts.Add(await Timing.MillisecondsAsync(server.RestartAsync));
            await ReadAllAsync(http, names);
            memories.Add(server.MemoryMegabytes);
        }

        figures.Add(new("start with 10,000 configurations", Timing.Median(starts), StartBound, "ms", FormattableString.Invariant($"slowest of {Runs} {starts.Max():0} ms")));
        figures.Add(new("memory with 10,000 configurations, all read", Timing.Median(memories), MemoryBound, "MB", FormattableString.Invariant($"largest of {Runs} {memories.Max():0} MB")));
    }

    private static async Task MeasureVeryManyAsync(BenchmarkServer server, HttpClient http, List<Figure> figures)
    {
        string[] names = await server.FillAsync(VeryMany, ContentSize);
        server.Kill();
        double start = await Timing.MillisecondsAsync(server.RestartAsync);
        await MeasurePagesAsync(http, Pages, figures);
        await MeasureAfterNewNamesAsync(server, http, figures);
        await MeasureHistoryAsync(server, http, figures);
        var content = new Uri(V2 + "blur&dataId=&group=&config_detail=*app-77777*&pageNo=1", UriKind.Relative);
        double[] times = (await Timing.InterleaveAsync(Runs, () => http.GetByteArrayAsync(content)))[0];
        figures.Add(new Figure("search in 100,000 contents, v2", Timing.Median(times), ContentSearchBound, "ms", FormattableString.Invariant($"slowest of {Runs} {times.Max():0} ms")));
        await ReadAllAsync(http, names);
        figures.Add(new("memory with 100,000 configurations, all read", server.MemoryMegabytes, MemoryOfVeryManyBound, "MB", FormattableString.Invariant($"start {start:0} ms")));
    }

    // A new name rebuilds the text of all names.
    private static async Task MeasureAfterNewNamesAsync(BenchmarkServer server, HttpClient http, List<Figure> figures)
    {
        using Acm.Client.AcmClient client = server.Connect();
        var uri = new Uri(V1 + "blur&dataId=*77*&group=&pageNo=2", UriKind.Relative);
        var times = new List<double>();
        for (int run = 0; run < Runs; run++)
        {
            await client.PublishAsync(new Acm.Client.ConfigKey(FormattableString.Invariant($"new-{run}.txt")), "x");
            times.Add(await Timing.MillisecondsAsync(() => http.GetByteArrayAsync(uri)));
        }

        figures.Add(new Figure($"page of {PageSize} of 100,000: part of a name after a new name", Timing.Median(times), PageBound, "ms", FormattableString.Invariant($"slowest of {Runs} {times.Max():0.0} ms")));
    }

    private static async Task MeasureHistoryAsync(BenchmarkServer server, HttpClient http, List<Figure> figures)
    {
        using Acm.Client.AcmClient client = server.Connect();
        for (int i = 0; i < Revisions; i++) await client.PublishAsync(new Acm.Client.ConfigKey("app-00000.txt"), FormattableString.Invariant($"revision={i}"));

        await MeasurePageAsync(http, "page of a history of 100 changes, v1", "/nacos/v1/cs/history?search=accurate&dataId=app-00000.txt&group=DEFAULT_GROUP&pageNo=1&pageSize=500", figures);
        await MeasurePageAsync(http, "page of a history of 100 changes, v2", "/nacos/v2/cs/history/list?dataId=app-00000.txt&group=DEFAULT_GROUP&pageNo=1&pageSize=500", figures);
    }

    private static async Task MeasurePagesAsync(HttpClient http, (string Name, string Query)[] pages, List<Figure> figures)
    {
        foreach ((string name, string query) in pages) await MeasurePageAsync(http, $"page of {PageSize} of 100,000: {name}", query, figures);
    }

    private static async Task MeasurePageAsync(HttpClient http, string name, string query, List<Figure> figures)
    {
        var uri = new Uri(query, UriKind.Relative);
        double first = await Timing.MillisecondsAsync(() => http.GetByteArrayAsync(uri));
        for (int i = 0; i < 20; i++) await http.GetByteArrayAsync(uri);
        double[] times = (await Timing.InterleaveAsync(Runs, () => http.GetByteArrayAsync(uri)))[0];
        figures.Add(new Figure(name, Timing.Median(times), PageBound, "ms", FormattableString.Invariant($"first {first:0.0} ms, slowest of {Runs} {times.Max():0.0} ms")));
    }

    private static async Task ReadAllAsync(HttpClient http, string[] names)
    {
        foreach (string name in names) await http.GetByteArrayAsync(new Uri($"/nacos/v1/cs/configs?dataId={name}&group=DEFAULT_GROUP", UriKind.Relative));
    }
}
