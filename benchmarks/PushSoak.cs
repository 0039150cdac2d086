using System.Diagnostics;
using System.Globalization;
using Acm.Client;

namespace Acm.Benchmarks;

/// <summary>1,000 watchers and 50 changes a second, for ten minutes: the memory of the client and of the server stays as it is, and each watcher has the newest content at the end.</summary>
internal static class PushSoak
{
    private const int Watchers = 1000;
    private const int ChangesPerSecond = 50;
    private const double Minutes = 10;

    /// <param name="minutes">How long; ten minutes without it.</param>
    public static async Task<IReadOnlyList<Figure>> RunAsync(string? minutes)
    {
        TimeSpan duration = TimeSpan.FromMinutes(minutes is null ? Minutes : double.Parse(minutes, CultureInfo.InvariantCulture));

        // What is kept of past changes would grow, and is not what is looked at.
        await using BenchmarkServer server = await BenchmarkServer.StartAsync("--history-revisions", "1");
        using AcmClient client = server.ConnectNacos();
        using AcmClient publisher = server.ConnectNacos();
        var told = new ChangeCounter();
        ConfigKey[] keys = [.. Enumerable.Range(0, Watchers).Select(i => new ConfigKey(FormattableString.Invariant($"app-{i:00000}.txt")))];
        ConfigWatcher[] watchers = [.. keys.Select(key => client.Watch([key], told.TakeAsync, new WatchOptions { Transport = AcmWatchTransport.Grpc }))];
        foreach (ConfigWatcher watcher in watchers) await watcher.Ready;
        var random = new Random(1);
        var newest = new Dictionary<string, string>();
        double heap = 0;
        double memory = 0;
        int changes = 0;
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) is var elapsed && elapsed < duration)
        {
            // A quarter of the time is for what has to grow at first.
            if (memory == 0 && elapsed > duration / 4) (heap, memory) = (Heap(), server.MemoryMegabytes);
            ConfigKey key = keys[random.Next(keys.Length)];
            string content = FormattableString.Invariant($"{changes}");
            await publisher.PublishAsync(key, content);
            newest[key.DataId] = content;
            changes++;
            TimeSpan early = TimeSpan.FromSeconds((double)changes / ChangesPerSecond) - Stopwatch.GetElapsedTime(start);
            if (early > TimeSpan.Zero) await Task.Delay(early);
        }

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        long end = Stopwatch.GetTimestamp();
        int behind;
        do
        {
            await Task.Delay(100);
            behind = newest.Count(item => told.Newest(item.Key) != item.Value);
        }
        while (behind > 0 && Stopwatch.GetElapsedTime(end) < TimeSpan.FromSeconds(30));

        double heapAtEnd = Heap();
        double memoryAtEnd = server.MemoryMegabytes;
        foreach (ConfigWatcher watcher in watchers) await watcher.DisposeAsync();
        string name = FormattableString.Invariant($"soak of {duration.TotalMinutes:0.#} min, ");
        string over = FormattableString.Invariant($"{changes} changes, {changes / seconds:0} a second, {told.Count} events");
        return
        [
            new Figure(name + "watchers behind at the end", behind, 1, "keys", over),
            new Figure(name + "told what was known", told.Repeats, 1, "times", over),
            new Figure(name + "heap of the client grew", heapAtEnd - heap, 5, "MB", FormattableString.Invariant($"from {heap:0.0} MB after a quarter to {heapAtEnd:0.0} MB")),
            new Figure(name + "memory of the server grew", memoryAtEnd - memory, 20, "MB", FormattableString.Invariant($"working set, from {memory:0} MB after a quarter to {memoryAtEnd:0} MB")),
        ];
    }

    private static double Heap() => GC.GetTotalMemory(forceFullCollection: true) / 1e6;
}
