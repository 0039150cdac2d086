using System.Diagnostics;
using Acm.Client;
using Acm.Client.Credentials;
using Acm.Tests.StandIns;

namespace Acm.Benchmarks;

/// <summary>
/// Sends 200 reads per second for a minute in real time, signed with credentials that expire after five seconds. The data server rejects expired credentials, and the
/// metadata service takes 300 ms for new ones.
/// </summary>
internal static class CredentialRefresh
{
    private const int ReadsPerSecond = 200;

    private static readonly TimeSpan Duration = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        await using var metadata = new MetadataStandIn { Lifetime = Lifetime, Latency = TimeSpan.FromMilliseconds(100) };
        await using var data = new DataStandIn(metadata.Issued);
        using AcmCredentialSource source = CredentialSources.RamRole(new CredentialSourceOptions { MetadataEndpoint = metadata.Address });
        using var client = new AcmClient(new AcmClientOptions { Endpoint = data.Address, Direct = true, CredentialSource = source });
        var key = new ConfigKey("app.yml", "g");
        await client.GetAsync(key);

        var reads = new List<Task<AcmConfig>>();
        long start = Stopwatch.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (Stopwatch.GetElapsedTime(start) < Duration)
        {
            // Late ticks are caught up, to keep the rate.
            int due = (int)(Stopwatch.GetElapsedTime(start).TotalSeconds * ReadsPerSecond);
            while (reads.Count < due) reads.Add(client.GetAsync(key));
            await tick.WaitForNextTickAsync();
        }

        int failed = 0;
        foreach (Task<AcmConfig> read in reads)
        {
            try
            {
                await read;
            }
            catch (AcmException e)
            {
                if (failed++ == 0) Console.WriteLine(e.Message);
            }
        }

        string[] used = [.. data.Requests.Distinct()];
        int refused = data.Requests.Count - reads.Count - 1;
        string detail = FormattableString.Invariant($"{reads.Count} reads, {metadata.Issued.Count} credentials fetched, {used.Length} used, {refused} requests told again");
        return
        [
            new Figure("reads that failed while credentials ended", failed, 1, "reads", detail),
            new Figure("fetches a credential that was used", (double)metadata.Issued.Count / used.Length, 1.1, "times", detail),
        ];
    }
}
