namespace Acm.Benchmarks;

/// <summary>
/// A warm <c>Get-AcmConfig</c> in a script's loop beside a bare <see cref="HttpClient"/> that gets the same bytes in a loop of C#, which waits as
/// a caller without <c>await</c> does, and as one with it.
/// </summary>
internal static class CmdletGet
{
    private const int ContentSize = 2048;
    private const int Rounds = 30;
    private const int GetsInRound = 400;
    private const double Bound = 1.5;

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        await using BenchmarkServer server = await BenchmarkServer.StartAsync();
        string name = (await server.FillAsync(1, ContentSize))[0];
        Uri uri = server.UriOf(name);
        using var folder = new TemporaryFolder();
        using var http = new HttpClient();
        using var shell = new ModuleRunspace();
        shell.Run("$null = Connect-Acm $args[0] -Direct -SnapshotPath $args[1]", server.Uri.Authority, Path.Combine(folder.Path, "snapshot"));

        // Functions, because PowerShell compiles the loop of a script on each run, on the core that the server uses.
        shell.Run("""
            function Get-Many { foreach ($i in 1..$args[0]) { $null = Get-AcmConfig $args[1] } }
            function Get-None { foreach ($i in 1..$args[0]) { $null = Get-AcmSession } }
            """);

        Func<Task>[] contestants =
        [
            () => Repeat(() => http.GetByteArrayAsync(uri).GetAwaiter().GetResult()),
            () => RepeatAsync(() => http.GetByteArrayAsync(uri)),
            () => InShell("Get-Many"),
            () => InShell("Get-None"),
        ];
        await Timing.WarmUpAsync(contestants);
        double[][] times = await Timing.InterleaveAsync(Rounds, contestants);

        string cmdlet = FormattableString.Invariant($"{Each(times[2]):0.0} µs, of which PowerShell's for any command {Each(times[3]):0.0} µs");
        return
        [
            new Figure("Get-AcmConfig / bare get, both block", Timing.Ratio(times[2], times[0]), Bound, "times", FormattableString.Invariant($"{cmdlet}, bare get {Each(times[0]):0.0} µs")),
            new Figure("Get-AcmConfig / bare get, awaited", Timing.Ratio(times[2], times[1]), Bound, "times", FormattableString.Invariant($"{cmdlet}, bare get {Each(times[1]):0.0} µs")),
        ];

        Task InShell(string function)
        {
            shell.Run(function + " $args[0] $args[1]", GetsInRound, name);
            return Task.CompletedTask;
        }
    }

    private static double Each(double[] times) => Timing.Median(times) * 1000 / GetsInRound;

    private static Task Repeat(Action get)
    {
        for (int i = 0; i < GetsInRound; i++) get();
        return Task.CompletedTask;
    }

    private static async Task RepeatAsync(Func<Task> get)
    {
        for (int i = 0; i < GetsInRound; i++) await get();
    }
}
