using System.Globalization;
using Acm.Client;

namespace Acm.Benchmarks;

/// <summary>Measures the module with Nacos 3: a get compared with an HTTP get of the same address, an export with a latency of 20 ms, and comparisons of 10,000 unchanged configurations.</summary>
internal static class NacosTransfers
{
    private const int Gets = 100;
    private const int Rounds = 50;
    private const int ContentSize = 2048;
    private const int Exported = 1_000;
    private const int Compared = 10_000;
    private const int LatencyMilliseconds = 20;
    private const int Runs = 5;
    private const double EngineBound = 1.25;
    private const double CmdletBound = 2;
    private const double ExportBound = 1_000;
    private const double CompareBound = 2_000;

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        await using BenchmarkServer near = await BenchmarkServer.StartAsync();
        await using BenchmarkServer far = await BenchmarkServer.StartAsync(LatencyMilliseconds);
        await near.FillAsync(Compared, ContentSize);
        await far.FillAsync(Exported, ContentSize);
        using var folder = new TemporaryFolder();
        using var shell = new ModuleRunspace();
        string backup = Path.Combine(folder.Path, "backup");
        Connect(shell, near);
        shell.Run("$null = Export-AcmConfig $args[0]; $null = Copy-AcmConfig -ToNamespace other -Confirm:$false", backup);
        return
        [
            .. await GetsAsync(near, shell),
            await MeasureAsync("export of 1,000 with 20 ms from Nacos", ExportBound, far, run => shell.Run("(Export-AcmConfig $args[0]).Exported", Path.Combine(folder.Path, run)), Exported),
            await MeasureAsync("compare of 10,000 unchanged files with Nacos", CompareBound, near, _ => shell.Run("@(Compare-AcmConfig $args[0]).Count", backup), 0),
            await MeasureAsync("compare of 10,000 unchanged in two namespaces", CompareBound, near, _ => shell.Run("@(Compare-AcmConfig -ToNamespace other).Count"), 0),
        ];

        async Task<Figure> MeasureAsync(string name, double bound, BenchmarkServer server, Func<string, object?> run, int expected)
        {
            var times = new List<double>();
            for (int i = 0; i <= Runs; i++)
            {
                // A new session each time, without knowledge of the server.
                Connect(shell, server);
                object? result = null;
                times.Add(await Timing.MillisecondsAsync(() => Task.FromResult(result = run(i.ToString(CultureInfo.InvariantCulture)))));
                if (result is not int count || count != expected) throw new InvalidOperationException($"{name}: {expected} were expected, not {result}.");
            }

            return new Figure(name, Timing.Median(times.Skip(1)), bound, "ms", FormattableString.Invariant($"first run {times[0]:0} ms, slowest of the others {times.Skip(1).Max():0} ms"));
        }
    }

    private static async Task<IReadOnlyList<Figure>> GetsAsync(BenchmarkServer server, ModuleRunspace shell)
    {
        const string Name = "app-00000.txt";
        using var http = new HttpClient();
        using var client = new AcmClient(new AcmClientOptions { Endpoint = server.Uri.Authority, Direct = true, ServerType = AcmServerType.Nacos });
        var address = new Uri(server.Uri, $"/nacos/v3/client/cs/config?dataId={Name}&groupName={ConfigKey.DefaultGroup}");
        Func<Task>[] contestants =
        [
            () => RepeatAsync(() => http.GetByteArrayAsync(address)),
            () => RepeatAsync(() => client.GetAsync(new ConfigKey(Name))),
            () =>
            {
                shell.Run("foreach ($i in 1..$args[0]) { $null = Get-AcmConfig $args[1] -Raw }", Gets, Name);
                return Task.CompletedTask;
            },
        ];
        await Timing.WarmUpAsync(contestants);
        double[][] times = await Timing.InterleaveAsync(Rounds, contestants);
        string reference = FormattableString.Invariant($"bare get {Each(times[0]):0.0} µs");
        return
        [
            new Figure("Nacos get through the engine / bare get", Timing.Ratio(times[1], times[0]), EngineBound, "times", FormattableString.Invariant($"{Each(times[1]):0.0} µs, {reference}")),
            new Figure("Get-AcmConfig from Nacos / bare get", Timing.Ratio(times[2], times[0]), CmdletBound, "times", FormattableString.Invariant($"{Each(times[2]):0.0} µs, {reference}")),
        ];
    }

    private static void Connect(ModuleRunspace shell, BenchmarkServer server) => shell.Run("$null = Connect-Acm -Server $args[0] -NoSnapshot", server.Uri.Authority);

    private static double Each(double[] times) => Timing.Median(times) * 1000 / Gets;

    private static async Task RepeatAsync(Func<Task> get)
    {
        for (int i = 0; i < Gets; i++) await get();
    }
}
