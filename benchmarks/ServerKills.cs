using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;

namespace Acm.Benchmarks;

/// <summary>
/// Kills a server 30 times while 8 writers publish. After each restart, every acknowledged publish must exist
/// with its content.
/// </summary>
internal static class ServerKills
{
    private const int Rounds = 30;
    private const int Writers = 8;
    private const int PageSize = 10_000;
    private const int ShortestLoadMilliseconds = 200;
    private const int LongestLoadMilliseconds = 1_500;

    /// <summary>The number of each writer's newest publishes whose content is read; the others are only looked up in the list.</summary>
    private const int ReadPerWriter = 25;

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        using var folder = new TemporaryFolder();
        await using BenchmarkServer server = await BenchmarkServer.StartOnFileAsync(Path.Combine(folder.Path, "data.db"));
        var random = new Random(30);
        var restarts = new List<double>();
        int acknowledged = 0;
        int lost = 0;
        for (int round = 0; round < Rounds; round++)
        {
            string tenant = FormattableString.Invariant($"round-{round}");
            Task<string[]>[] writers = [.. Enumerable.Range(0, Writers).Select(writer => PublishUntilKilledAsync(server.Uri, tenant, writer))];
            await Task.Delay(random.Next(ShortestLoadMilliseconds, LongestLoadMilliseconds));
            server.Kill();
            string[][] published = await Task.WhenAll(writers);
            restarts.Add(await Timing.MillisecondsAsync(server.RestartAsync));
            acknowledged += published.Sum(names => names.Length);
            lost += await CountLostAsync(server.Uri, tenant, published);
        }

        return
        [
            new Figure($"{Rounds} kills under load, acknowledged and lost", lost, 1, "lost", FormattableString.Invariant($"{acknowledged} publishes acknowledged")),
            new Figure($"{Rounds} kills under load, restart", Timing.Median(restarts), 3_000, "ms", FormattableString.Invariant($"median of {Rounds}, longest {restarts.Max():0} ms, with {acknowledged} configurations at last")),
        ];
    }

    private static async Task<string[]> PublishUntilKilledAsync(Uri server, string tenant, int writer)
    {
        using var http = new HttpClient { BaseAddress = server };
        var acknowledged = new List<string>();
        try
        {
            for (int i = 0; ; i++)
            {
                string name = FormattableString.Invariant($"w{writer}-{i}");
                using var form = new FormUrlEncodedContent(Fields(tenant, name));
                using HttpResponseMessage answer = await http.PostAsync(new Uri("/diamond-server/basestone.do?method=syncUpdateAll", UriKind.Relative), form);
                if (answer.IsSuccessStatusCode) acknowledged.Add(name);
            }
        }
        catch (HttpRequestException)
        {
            // The server was killed.
            return [.. acknowledged];
        }
    }

    private static async Task<int> CountLostAsync(Uri server, string tenant, string[][] published)
    {
        using var http = new HttpClient { BaseAddress = server };
        HashSet<string> listed = await ListAsync(http, tenant);
        int missing = published.Sum(names => names.Count(name => !listed.Contains(name)));
        var wrong = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(published.SelectMany(names => names.Where(listed.Contains).TakeLast(ReadPerWriter)), async (name, cancellationToken) =>
        {
            // The response charset GBK is not registered in every .NET process.
            byte[] content = await http.GetByteArrayAsync(new Uri($"/diamond-server/config.co?dataId={name}&group=G&tenant={tenant}", UriKind.Relative), cancellationToken);
            if (Encoding.ASCII.GetString(content) != Content(tenant, name)) wrong.Add(name);
        });
        return missing + wrong.Count;
    }

    private static async Task<HashSet<string>> ListAsync(HttpClient http, string tenant)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (int page = 1; ; page++)
        {
            string address = FormattableString.Invariant($"/diamond-server/basestone.do?method=getAllConfigByTenant&tenant={tenant}&pageNo={page}&pageSize={PageSize}");
            using var list = JsonDocument.Parse(await http.GetStringAsync(new Uri(address, UriKind.Relative)));
            foreach (JsonElement item in list.RootElement.GetProperty("pageItems").EnumerateArray()) names.Add(item.GetProperty("dataId").GetString()!);
            if (page >= list.RootElement.GetProperty("pagesAvailable").GetInt32()) return names;
        }
    }

    private static Dictionary<string, string> Fields(string tenant, string name) => new()
    {
        ["dataId"] = name,
        ["group"] = "G",
        ["tenant"] = tenant,
        ["content"] = Content(tenant, name),
    };

    private static string Content(string tenant, string name) => $"{tenant} {name} " + new string('x', 500);
}
