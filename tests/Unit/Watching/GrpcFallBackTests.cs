using Acm.Client;
using Acm.Client.Http;
using Acm.Client.Protocol.Nacos.Push;
using Acm.Server.Dialects.Nacos;
using Acm.Server.Options;
using Acm.Tests.Server;
using Acm.Tests.Support;

namespace Acm.Tests.Watching;

/// <summary>What people are told where a server that pushes cannot be had.</summary>
public sealed class GrpcFallBackTests
{
    private static readonly ConfigKey Key = new("app.yml");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_log_is_told_once_why_and_what_to_do_however_many_namespaces_are_watched()
    {
        using var ports = PortPair.Take();
        await using RunningServer server = await RunningServer.StartAsync(options => options with { NoGrpc = true, Addresses = [ListenAddress.Parse($"http://127.0.0.1:{ports.ListenPort}")] });
        var ofClient = new RecordingLog(AcmLogLevel.Warning);
        RecordingLog[] ofWatchers = [new(AcmLogLevel.Warning), new(AcmLogLevel.Warning), new(AcmLogLevel.Warning)];
        using AcmClient client = Connect(server, options => options with { Log = ofClient });
        using ConfigWatcher first = Watch(client, ofWatchers[0]);
        using ConfigWatcher second = Watch(client.ForNamespace("other"), ofWatchers[1]);
        await Task.WhenAll(ofWatchers.Take(2).Append(ofClient).Select(log => log.WaitForAsync("gRPC", Cancelled))).WaitAsync(Clients.Deadline, Cancelled);

        // This one comes later, and is told as it begins.
        using ConfigWatcher third = Watch(client, ofWatchers[2], "another");

        Assert.All([ofClient, .. ofWatchers], log =>
        {
            string line = Assert.Single(log.Lines);
            Assert.StartsWith($"gRPC cannot be used: 127.0.0.1:{server.Uri.Port + 1000} ", line, StringComparison.Ordinal);
            Assert.Contains("Check that the gRPC port of the server (its HTTP port plus 1000) is reachable", line, StringComparison.Ordinal);
            Assert.EndsWith(" Changes are detected by long polling until it works.", line, StringComparison.Ordinal);
        });
        Assert.All([first, second], watcher => Assert.StartsWith("gRPC cannot be used: ", watcher.Status()[0].TransportReason, StringComparison.Ordinal));
    }

    [Fact]
    public void A_proxy_is_a_reason_with_a_cure()
    {
        AcmException error = NacosPushErrors.ThroughProxy(new ServerAddress("a", 8848, Tls: false), "http://p:3128");

        Assert.Equal((AcmErrorKind.CapabilityMissing, nameof(AcmClientOptions.Proxy), false), (error.Kind, error.Option, error.IsBeyondVersion));
        Assert.Equal("gRPC cannot be used: a:8848 is reached through the proxy 'http://p:3128', which does not support gRPC. Connect without the proxy to use gRPC.", $"{error.Message} {error.Advice}");
    }

    [Fact]
    public void A_port_above_which_there_is_none_is_a_reason_with_a_cure()
    {
        AcmException error = NacosPushErrors.NoPort(new ServerAddress("a", 65_000, Tls: false), 1000);

        Assert.Equal((AcmErrorKind.CapabilityMissing, nameof(AcmClientOptions.GrpcPort), false), (error.Kind, error.Option, error.IsBeyondVersion));
        Assert.Equal("gRPC cannot be used: a:65000 has no default gRPC port: 65000 plus 1000 is above 65535. Specify the gRPC port.", $"{error.Message} {error.Advice}");
    }

    [Fact]
    public async Task A_version_without_push_is_a_reason_but_no_warning()
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { NacosGeneration = Generation.One });
        var log = new RecordingLog(AcmLogLevel.Warning);
        using AcmClient client = Connect(server, options => options with { Log = log });
        using ConfigWatcher watcher = Watch(client, log: null);

        WatchedKey status = await Clients.StatusAsync(watcher, key => key is { State: WatchState.Watching, Transport: AcmWatchTransport.LongPoll, TransportReason: not null });

        Assert.Equal($"127.0.0.1:{server.Uri.Port} runs Nacos 1.4.8, which cannot push changes. gRPC needs Nacos 2.0 or later.", status.TransportReason);
        Assert.Empty(log.Lines);
    }

    [Fact]
    public async Task There_is_no_reason_where_changes_are_pushed_or_long_polling_was_asked_for()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using AcmClient client = Connect(server);
        using ConfigWatcher pushed = Watch(client, log: null);
        using ConfigWatcher polled = client.Watch([Key], new ChangeLog().TakeAsync, new WatchOptions { Transport = AcmWatchTransport.LongPoll });

        WatchedKey one = await Clients.StatusAsync(pushed, key => key is { State: WatchState.Watching, Transport: AcmWatchTransport.Grpc });
        WatchedKey other = await Clients.StatusAsync(polled, key => key is { State: WatchState.Watching, Transport: AcmWatchTransport.LongPoll });

        Assert.Equal((null, null), (one.TransportReason, other.TransportReason));
    }

    private static AcmClient Connect(RunningServer server, Func<AcmClientOptions, AcmClientOptions>? change = null)
    {
        var options = new AcmClientOptions { Endpoint = server.Uri.Authority, Direct = true, ServerType = AcmServerType.Nacos, NoSnapshot = true, TryTimeout = Clients.Deadline };
        return Clients.With(change?.Invoke(options) ?? options);
    }

    private static ConfigWatcher Watch(AcmClient client, IAcmLog? log, string dataId = "app.yml") => client.Watch([new ConfigKey(dataId)], new ChangeLog().TakeAsync, log: log);
}
