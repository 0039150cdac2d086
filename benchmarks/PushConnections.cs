using System.Diagnostics;
using System.Globalization;
using Acm.Client;

namespace Acm.Benchmarks;

/// <summary>10,000 connections with 10 keys each: what the server needs for them, and how long it takes until all are told of a change of a key that all have.</summary>
internal static class PushConnections
{
    private const int Most = 10_000;
    private const int KeysOfOne = 10;
    private const int ConnectsAtOnce = 32;
    private const int Rounds = 3;

    /// <summary>Files that a process opens besides connections.</summary>
    private const int OtherFiles = 500;

    /// <param name="wanted">How many connections; as many as asked for where the process may open that many files.</param>
    public static async Task<IReadOnlyList<Figure>> RunAsync(string? wanted)
    {
        int limit = FileLimit();

        // The server takes three quarters of the files for connections.
        int count = Math.Min(wanted is null ? Most : int.Parse(wanted, CultureInfo.InvariantCulture), (limit - OtherFiles) * 3 / 4);
        await using BenchmarkServer server = await BenchmarkServer.StartAsync();
        double before = server.MemoryMegabytes;
        var shared = new ConfigKey("shared.txt");
        int pushes = 0;
        var peers = new PushPeer?[count];
        try
        {
            double connect = await Timing.MillisecondsAsync(() => Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = ConnectsAtOnce }, async (i, _) =>
            {
                peers[i] = await PushPeer.ConnectAsync(server.GrpcUri, _ => Interlocked.Increment(ref pushes));
                await peers[i]!.ListenAsync([shared, .. Enumerable.Range(1, KeysOfOne - 1).Select(j => new ConfigKey(FormattableString.Invariant($"app-{i}-{j}.txt")))]);
            }));
            double memory = server.MemoryMegabytes;
            using AcmClient publisher = server.ConnectNacos();
            var times = new List<double>();
            for (int round = 1; round <= Rounds; round++)
            {
                long start = Stopwatch.GetTimestamp();
                await publisher.PublishAsync(shared, FormattableString.Invariant($"{round}"));
                while (Volatile.Read(ref pushes) < round * count)
                {
                    if (Stopwatch.GetElapsedTime(start) > TimeSpan.FromMinutes(1)) throw new TimeoutException(FormattableString.Invariant($"{pushes} of {round * count} pushes came."));
                    await Task.Delay(1);
                }

                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            string what = FormattableString.Invariant($"{count} connections with {KeysOfOne} keys");
            return
            [
                new Figure(what + ", memory of the server", memory, 1000, "MB", FormattableString.Invariant($"working set, {before:0} MB before, {(memory - before) * 1000 / count:0} kB each; connected in {connect / 1000:0.0} s; {limit} files a process")),
                new Figure(what + ", all told", Timing.Median(times), 5000, "ms", FormattableString.Invariant($"median of {Rounds}, slowest {times.Max():0} ms, {1000 * Timing.Median(times) / count:0} µs each; clients and server share the processors; after the rounds {server.MemoryMegabytes:0} MB")),
            ];
        }
        finally
        {
            foreach (PushPeer? peer in peers) peer?.Dispose();
        }
    }

    /// <summary>How many files a process may open; where that isn't said, more than any benchmark needs.</summary>
    private static int FileLimit()
    {
        const string Limits = "/proc/self/limits";
        if (!File.Exists(Limits)) return int.MaxValue / 4;
        string text = File.ReadLines(Limits).First(line => line.StartsWith("Max open files", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[3];
        return int.TryParse(text, CultureInfo.InvariantCulture, out int limit) ? Math.Min(limit, int.MaxValue / 4) : int.MaxValue / 4;
    }
}
