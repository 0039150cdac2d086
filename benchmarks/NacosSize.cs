namespace Acm.Benchmarks;

/// <summary>A server with very many configurations of 2 KB: its start, its memory, and its pages as clients of Nacos ask for them.</summary>
internal static class NacosSize
{
    private const int ContentSize = 2048;
    private const int Runs = 5;
    private const int Many = 10_000;
    private const int VeryMany = 100_000;
    private const int PageSize = 500;
    private const double StartBound = 1_000;
    private const double MemoryBound = 120;
    private const double PageBound = 10;

    // What a page is cut out of: everything, or what meets a condition.
    private static readonly (string Name, string Query)[] Pages =
    [
        ("all, v1", "/nacos/v1/cs/configs?search=accurate&dataId=&group=&pageNo=100"),
        ("a group, v1", "/nacos/v1/cs/configs?search=accurate&dataId=&group=DEFAULT_GROUP&pageNo=100"),
        ("a prefix, v1", "/nacos/v1/cs/configs?search=blur&dataId=app-0*&group=&pageNo=10"),
        ("part of a name, v1", "/nacos/v1/cs/configs?search=blur&dataId=*77*&group=&pageNo=2"),
        ("part of all names, v1", "/nacos/v1/cs/configs?search=blur&dataId=*txt*&group=&pageNo=100"),
        ("two conditions, v1", "/nacos/v1/cs/configs?search=blur&dataId=*77*&group=DEFAULT_GROUP&pageNo=1"),
        ("all, ACM", "/diamond-server/basestone.do?method=getAllConfigByTenant&pageNo=100"),
    ];

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        using var folder = new TemporaryFolder();
        await using BenchmarkServer server = await BenchmarkServer.StartOnFileAsync(Path.Combine(folder.Path, "data.db"), "--nacos-generation", "2");
        using var http = new HttpClient { BaseAddress = server.Uri };
        string[] names = await server.FillAsync(Many, ContentSize);
        var starts = new List<double>();
        var memories = new List<double>();
        for (int run = 0; run < Runs; run++)
        {
            server.Kill();
            starts.Add(await Timing.MillisecondsAsync(server.RestartAsync));
            foreach (string name in names) await http.GetByteArrayAsync(new Uri($"/nacos/v1/cs/configs?dataId={name}&group=DEFAULT_GROUP", UriKind.Relative));
            memories.Add(server.MemoryMegabytes);
        }

        var figures = new List<Figure>
        {
            new("start with 10,000 configurations", Timing.Median(starts), StartBound, "ms", FormattableString.Invariant($"slowest of {Runs} {starts.Max():0} ms")),
            new("memory with 10,000 configurations, all read", Timing.Median(memories), MemoryBound, "MB", FormattableString.Invariant($"largest of {Runs} {memories.Max():0} MB")),
        };

        await server.FillAsync(VeryMany, ContentSize);
        foreach ((string name, string query) in Pages)
        {
            var uri = new Uri($"{query}&pageSize={PageSize}", UriKind.Relative);
            double first = await Timing.MillisecondsAsync(() => http.GetByteArrayAsync(uri));
            for (int i = 0; i < 20; i++) await http.GetByteArrayAsync(uri);
            double[] times = (await Timing.InterleaveAsync(Runs, () => http.GetByteArrayAsync(uri)))[0];
            figures.Add(new Figure($"page of 500 of 100,000: {name}", Timing.Median(times), PageBound, "ms", FormattableString.Invariant($"first {first:0.0} ms, slowest of {Runs} {times.Max():0.0} ms")));
        }

        return figures;
    }
}
