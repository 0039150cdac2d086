using Acm.Client;

namespace Acm.Benchmarks;

/// <summary>Measures the time and the server's memory for subscribing to 100,000 keys, with 3,000 keys per connection.</summary>
internal static class PushKeys
{
    private const int Keys = 100_000;
    private const int KeysOfOneConnection = 3000;

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        await using BenchmarkServer server = await BenchmarkServer.StartAsync();
        double before = server.MemoryMegabytes;
        IReadOnlyList<ConfigKey[]> parts = [.. Enumerable.Range(0, Keys).Select(i => new ConfigKey(FormattableString.Invariant($"app-{i:00000}.txt"))).Chunk(KeysOfOneConnection)];
        var peers = new List<PushPeer>();
        try
        {
            double time = await Timing.MillisecondsAsync(async () =>
            {
                foreach (ConfigKey[] part in parts)
                {
                    PushPeer peer = await PushPeer.ConnectAsync(server.GrpcUri, _ => { });
                    peers.Add(peer);
                    await peer.ListenAsync(part);
                }
            });
            double memory = server.MemoryMegabytes;
            return
            [
                new Figure("100,000 keys to be pushed, registered", time, 5000, "ms", $"over {peers.Count} connections, one after the other"),
                new Figure("100,000 keys to be pushed, memory of the server", memory, 150, "MB", FormattableString.Invariant($"working set, {before:0} MB before; nothing is stored")),
            ];
        }
        finally
        {
            foreach (PushPeer peer in peers) peer.Dispose();
        }
    }
}
