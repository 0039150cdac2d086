using System.Diagnostics;

namespace Acm.Benchmarks;

/// <summary>Measures durable Nacos publishes of 2 KB, and the time until a poll reports them.</summary>
internal static class NacosWrites
{
    private const int ContentSize = 2048;
    private const int Runs = 5;
    private const int PublishesInRound = 200;
    private const int Wakes = 200;

    /// <summary>A fifth of the time of Nacos 2.5.1 on two shared cores.</summary>
    private const double PublishBound = 2;
    private const double WakeBound = 1.5;

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        using var folder = new TemporaryFolder();
        await using BenchmarkServer server = await BenchmarkServer.StartOnFileAsync(Path.Combine(folder.Path, "data.db"));
        using var http = new HttpClient { BaseAddress = server.Uri };
        using var poller = new HttpClient { BaseAddress = server.Uri };
        int number = 0;

        Func<Task>[] contestants = [PublishManyAsync, FlushManyAsync];
        await Timing.InterleaveAsync(1, contestants);
        double[][] times = await Timing.InterleaveAsync(Runs, contestants);

        double[] wakes = new double[Runs];
        await WakeAsync();
        for (int run = 0; run < Runs; run++) wakes[run] = await WakeAsync();
        double flush = Timing.Median(times[1]) / PublishesInRound;
        return
        [
            new Figure("Nacos v1 publish", Timing.Median(times[0]) / PublishesInRound, PublishBound, "ms", FormattableString.Invariant($"bare fsync of as many bytes {flush:0.00} ms, {Timing.Ratio(times[0], times[1]):0.00} times")),
            new Figure("Nacos publish to the answer of a poll", Timing.Median(wakes), WakeBound, "ms", FormattableString.Invariant($"median of {Runs} medians of {Wakes}, slowest {wakes.Max():0.00} ms; bare fsync {flush:0.00} ms")),
        ];

        async Task PublishManyAsync()
        {
            for (int i = 0; i < PublishesInRound; i++) await PublishAsync();
        }

        async Task FlushManyAsync()
        {
            await using var file = new FileStream(Path.Combine(folder.Path, "flushed"), FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
            for (int i = 0; i < PublishesInRound; i++)
            {
                await file.WriteAsync(new byte[ContentSize]);
                file.Flush(flushToDisk: true);
            }
        }

        async Task<string> PublishAsync()
        {
            string content = FormattableString.Invariant($"{++number} ") + new string('x', ContentSize);
            using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["dataId"] = "a", ["group"] = "G", ["content"] = content });
            using HttpResponseMessage answer = await http.PostAsync(new Uri("/nacos/v1/cs/configs", UriKind.Relative), form);
            answer.EnsureSuccessStatusCode();
            return Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(System.Text.Encoding.ASCII.GetBytes(content)));
        }

        async Task<double> WakeAsync()
        {
            double[] latencies = new double[Wakes];
            string md5 = await PublishAsync();
            for (int i = 0; i < Wakes; i++)
            {
                Task<long> told = PollAsync(md5);
                await UntilHangingAsync();
                long start = Stopwatch.GetTimestamp();
                Task<string> published = PublishAsync();
                latencies[i] = Stopwatch.GetElapsedTime(start, await told).TotalMilliseconds;
                md5 = await published;
            }

            return Timing.Median(latencies);
        }

        async Task<long> PollAsync(string md5)
        {
            using var form = new StringContent($"Listening-Configs=a%02G%02{md5}%01", System.Text.Encoding.ASCII, "application/x-www-form-urlencoded");
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/nacos/v1/cs/configs/listener", UriKind.Relative)) { Content = form };
            request.Headers.Add("Long-Pulling-Timeout", "30000");
            using HttpResponseMessage answer = await poller.SendAsync(request);
            return Stopwatch.GetTimestamp();
        }

        async Task UntilHangingAsync()
        {
            while (!(await http.GetStringAsync(new Uri("/health", UriKind.Relative))).Contains("\"hangingPolls\":1", StringComparison.Ordinal)) { }
        }
    }
}
