using System.Diagnostics;
using Acm.Client;

namespace Acm.Benchmarks;

/// <summary>From a publish to the PowerShell event of Register-AcmWatcher in a session: over gRPC, and by long polling in the same run.</summary>
internal static class PushEvents
{
    private const int FewKeys = 100;
    private const int ManyKeys = 3000;
    private const int ContentSize = 200;

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        await using BenchmarkServer server = await BenchmarkServer.StartAsync();
        ConfigKey[] keys = [.. (await server.FillAsync(2 * ManyKeys, ContentSize)).Select(name => new ConfigKey(name))];
        return [.. await MeasureAsync(server, keys[..(2 * FewKeys)]), .. await MeasureAsync(server, keys)];
    }

    private static async Task<IReadOnlyList<Figure>> MeasureAsync(BenchmarkServer server, ConfigKey[] keys)
    {
        using AcmClient publisher = server.ConnectNacos();
        using var pushed = new PublishTimes("PowerShell over gRPC, publish to event", keys[..(keys.Length / 2)]);
        using var polled = new PublishTimes("PowerShell by long polling, publish to event", keys[(keys.Length / 2)..]);
        using var shell = new ModuleRunspace();
        shell.Run("$null = Connect-Acm $args[0] -ServerType Nacos -Direct -NoSnapshot", server.Uri.Authority);
        Register(shell, pushed, AcmWatchTransport.Grpc);
        Register(shell, polled, AcmWatchTransport.LongPoll);
        shell.Events.ReceivedEvents.PSEventReceived += (_, e) => (e.SourceIdentifier == nameof(AcmWatchTransport.Grpc) ? pushed : polled).See(Stopwatch.GetTimestamp());
        await PublishTimes.MeasureAsync(publisher, pushed, polled);
        return [.. pushed.Figures(10, 50), .. polled.Figures(10, 50)];
    }

    private static void Register(ModuleRunspace shell, PublishTimes times, AcmWatchTransport transport) =>
        shell.Run("$transport, $names = $args; $names | Register-AcmWatcher -WatchTransport $transport -SourceIdentifier $transport -NoInitial", [transport.ToString(), .. times.Keys.Select(key => key.DataId)]);
}
