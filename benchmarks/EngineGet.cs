using Acm.Client;

namespace Acm.Benchmarks;

/// <summary>Compares a get through the engine, with its default folders, with an <see cref="HttpClient"/> that reads the same bytes.</summary>
internal static class EngineGet
{
    private const int ContentSize = 2048;
    private const int Rounds = 100;
    private const int GetsInRound = 100;
    private const double Bound = 1.15;

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        await using BenchmarkServer server = await BenchmarkServer.StartAsync();
        string name = (await server.FillAsync(1, ContentSize))[0];
        var key = new ConfigKey(name);
        Uri uri = server.UriOf(name);
        using var folder = new TemporaryFolder();
        using var http = new HttpClient();
        var options = new AcmClientOptions { Endpoint = server.Uri.Authority, Direct = true };
        using var bare = new AcmClient(options);
        using var full = new AcmClient(options with
        {
            FailoverPath = Path.Combine(folder.Path, "failover"),
            SnapshotPath = Path.Combine(folder.Path, "snapshot"),
        });

        Func<Task>[] contestants =
        [
            () => RepeatAsync(() => http.GetByteArrayAsync(uri)),
            () => RepeatAsync(() => full.GetAsync(key)),
            () => RepeatAsync(() => bare.GetAsync(key)),
        ];
        await Timing.WarmUpAsync(contestants);
        double[][] times = await Timing.InterleaveAsync(Rounds, contestants);

        string reference = FormattableString.Invariant($"bare get {Each(times[0]):0.0} µs");
        return
        [
            new Figure("get through the engine / bare get", Timing.Ratio(times[1], times[0]), Bound, "times", FormattableString.Invariant($"{Each(times[1]):0.0} µs, {reference}")),
            new Figure("the same without local folders / bare get", Timing.Ratio(times[2], times[0]), Bound, "times", FormattableString.Invariant($"{Each(times[2]):0.0} µs, {reference}")),
        ];
    }

    private static double Each(double[] times) => Timing.Median(times) * 1000 / GetsInRound;

    private static async Task RepeatAsync(Func<Task> get)
    {
        for (int i = 0; i < GetsInRound; i++) await get();
    }
}
