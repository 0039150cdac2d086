namespace Acm.Benchmarks;

/// <summary>Measures concurrent and sequential Nacos reads of a configuration of 2 KB, compared with Kestrel itself.</summary>
internal static class NacosGets
{
    private const int ContentSize = 2048;
    private const int Runs = 5;
    private const int GetsInRound = 1_000;
    private const double MicrosecondsPerGet = 1_000_000.0 / 20_000;

    /// <summary>A fifth of the time of Nacos 2.5.1 on two shared cores.</summary>
    private const double LatencyBound = 0.26;

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        using var folder = new TemporaryFolder();
        await using BenchmarkServer server = await BenchmarkServer.StartOnFileAsync(Path.Combine(folder.Path, "data.db"));
        await server.FillAsync(1, ContentSize);
        var address = new Uri(server.Uri, "/nacos/v1/cs/configs?dataId=app-00000.txt&group=DEFAULT_GROUP");
        await using BareKestrel bare = await BareKestrel.StartAsync(address);
        var bareAddress = new Uri(bare.Uri, address.PathAndQuery);

        double[] ours = new double[Runs];
        double[] bares = new double[Runs];
        await GetLoad.RunAsync(address);
        await GetLoad.RunAsync(bareAddress);
        for (int run = 0; run < Runs; run++)
        {
            ours[run] = await GetLoad.RunAsync(address);
            bares[run] = await GetLoad.RunAsync(bareAddress);
        }

        using var http = new HttpClient();
        Func<Task>[] contestants = [() => RepeatAsync(address), () => RepeatAsync(bareAddress)];
        await Timing.InterleaveAsync(1, contestants);
        double[][] times = await Timing.InterleaveAsync(Runs, contestants);
        double rate = Timing.Median(ours);
        double bareRate = Timing.Median(bares);
        return
        [
            new Figure("Nacos v1 get, 16 connections", 1_000_000 / rate, MicrosecondsPerGet, "µs", FormattableString.Invariant($"{rate:0} a second, bare Kestrel {bareRate:0}, {rate / bareRate:0.00} of it; {GetLoad.Tool}")),
            new Figure("Nacos v1 get, one after the other", Each(times[0]), LatencyBound, "ms", FormattableString.Invariant($"bare Kestrel {Each(times[1]):0.000} ms, {Timing.Ratio(times[0], times[1]):0.00} times")),
        ];

        async Task RepeatAsync(Uri uri)
        {
            for (int i = 0; i < GetsInRound; i++) await http.GetByteArrayAsync(uri);
        }
    }

    private static double Each(double[] times) => Timing.Median(times) / GetsInRound;
}
