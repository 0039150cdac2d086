using Acm.Client;

namespace Acm.Benchmarks;

/// <summary>Measures listing 10,000 keys with <c>Find-AcmConfig</c> and with the engine.</summary>
internal static class ListKeys
{
    private const int Count = 10_000;
    private const int Runs = 15;
    private const double Bound = 300;

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        await using BenchmarkServer server = await BenchmarkServer.StartAsync();
        await server.FillAsync(Count, size: 16);
        using var client = new AcmClient(new AcmClientOptions { Endpoint = server.Uri.Authority, Direct = true });
        using var shell = new ModuleRunspace();
        shell.Run("$null = Connect-Acm $args[0] -Direct -NoSnapshot", server.Uri.Authority);

        double first = await Timing.MillisecondsAsync(FindAsync);
        await ListAsync();
        double[][] times = await Timing.InterleaveAsync(Runs, FindAsync, ListAsync);

        return
        [
            new Figure("10,000 keys, Find-AcmConfig", Timing.Median(times[0]), Bound, "ms", FormattableString.Invariant($"first run {first:0} ms")),
            new Figure("10,000 keys, the engine", Timing.Median(times[1]), Bound, "ms", ""),
        ];

        Task FindAsync()
        {
            Check((int)shell.Run("@(Find-AcmConfig).Count")!);
            return Task.CompletedTask;
        }

        async Task ListAsync()
        {
            int items = 0;
            await foreach (ConfigItem _ in client.ListAsync()) items++;
            Check(items);
        }
    }

    private static void Check(int items)
    {
        if (items != Count) throw new InvalidOperationException($"{Count} keys were to be listed, not {items}.");
    }
}
