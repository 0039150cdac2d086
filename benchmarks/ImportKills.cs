using System.Diagnostics;
using System.Globalization;
using Acm.Client;
using Acm.Client.Transfer;

namespace Acm.Benchmarks;

/// <summary>
/// Runs imports with -Delete in shells that are killed at 20 random moments. After each kill, every configuration must be the old or the new one, no new name may be missing if an
/// old one is removed, and the next import must have the result of an undisturbed one.
/// </summary>
internal static class ImportKills
{
    private const int Kills = 20;
    private const int Count = 400;
    private const int LatencyMilliseconds = 5;

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        await using BenchmarkServer server = await BenchmarkServer.StartAsync(LatencyMilliseconds);
        using var folder = new TemporaryFolder();
        string files = Path.Combine(folder.Path, "config");
        Directory.CreateDirectory(files);
        foreach (int i in Enumerable.Range(0, Count)) await File.WriteAllTextAsync(Path.Combine(files, Name("new", i)), Value("new", i));

        TimeSpan duration = await RunToItsEndAsync("undisturbed");
        var random = new Random(4);
        var moments = new List<double>();
        int broken = 0;
        int unfinished = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            string @namespace = string.Create(CultureInfo.InvariantCulture, $"kill-{kill}");
            using AcmClient client = await FilledAsync(@namespace);
            TimeSpan moment = duration * random.NextDouble();
            moments.Add(moment.TotalMilliseconds);
            using (Process shell = await StartAsync(@namespace))
            {
                await Task.Delay(moment);
                shell.Kill();
                await shell.WaitForExitAsync();
            }

            (int wrong, bool isDone) = await LookAsync(client);
            broken += wrong;
            if (!isDone) unfinished++;
            await ImportAsync(client);
            (wrong, isDone) = await LookAsync(client);
            broken += wrong + (isDone ? 0 : 1);
        }

        return [new Figure($"{Kills} imports killed, broken configurations", broken, 1, "items", FormattableString.Invariant($"{unfinished} killed before their end, at {moments.Min():0} to {moments.Max():0} ms of {duration.TotalMilliseconds:0}"))];

        async Task<AcmClient> FilledAsync(string @namespace)
        {
            var client = new AcmClient(new AcmClientOptions { Endpoint = server.Uri.Authority, Direct = true, Namespace = @namespace, NoSnapshot = true });

            // A third of the configurations is changed, a third renamed, and a third new.
            IEnumerable<string> there = Enumerable.Range(0, Count / 3).Select(i => Name("new", i)).Concat(Enumerable.Range(0, Count / 3).Select(i => Name("old", i)));
            await Parallel.ForEachAsync(there, async (name, token) => await client.PublishAsync(new ConfigKey(name), "old value", cancellationToken: token));
            return client;
        }

        async Task<(int Wrong, bool IsDone)> LookAsync(AcmClient client)
        {
            var values = new Dictionary<string, string>();
            var keys = new List<ConfigKey>();
            await foreach (ConfigItem item in client.ListAsync()) keys.Add(item.Key);
            foreach (ConfigResult result in await client.GetManyAsync(keys)) values.Add(result.Key.DataId, result.Config!.Content);

            int wrong = values.Count(pair => pair.Value != "old value" && !Enumerable.Range(0, Count).Any(i => pair.Key == Name("new", i) && pair.Value == Value("new", i)));
            int published = values.Count(pair => pair.Value != "old value");
            int old = values.Keys.Count(name => name.StartsWith("old", StringComparison.Ordinal));
            if (old < Count / 3 && published < Count) wrong++;
            return (wrong, published == Count && values.Count == Count);
        }

        async Task ImportAsync(AcmClient client)
        {
            TransferPlan plan = await TransferPlan.MakeAsync(ConfigSet.OfFolder(files), ConfigSet.OfNamespace(client, client.Namespace), new TransferOptions { IncludeRemoved = true });
            await plan.CarryOutAsync();
        }

        async Task<TimeSpan> RunToItsEndAsync(string @namespace)
        {
            using AcmClient client = await FilledAsync(@namespace);
            using Process shell = await StartAsync(@namespace);
            long start = Stopwatch.GetTimestamp();
            await shell.WaitForExitAsync();
            TimeSpan duration = Stopwatch.GetElapsedTime(start);
            if (!(await LookAsync(client)).IsDone) throw new InvalidOperationException("An undisturbed import did not finish.");
            return duration;
        }

        async Task<Process> StartAsync(string @namespace)
        {
            string script = $"Import-Module '{Staged.Manifest}'; $null = Connect-Acm '{server.Uri.Authority}' {@namespace} -Direct -NoSnapshot; 'ready'; $null = Import-AcmConfig '{files}' -Delete -Force";
            ProcessStartInfo start = Staged.PowerShell("-Command", script);
            start.RedirectStandardOutput = true;
            Process shell = Process.Start(start)!;
            if (await shell.StandardOutput.ReadLineAsync() != "ready") throw new InvalidOperationException("The shell did not start.");
            return shell;
        }
    }

    private static string Name(string kind, int i) => string.Create(CultureInfo.InvariantCulture, $"{kind}-{i:000}.txt");

    private static string Value(string kind, int i) => string.Create(CultureInfo.InvariantCulture, $"{kind} value {i}\n");
}
