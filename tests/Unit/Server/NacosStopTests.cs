using System.Diagnostics;
using System.Net.Sockets;
using Acm.Server.Options;
using Acm.Tests.Support;

namespace Acm.Tests.Server;

/// <summary>When a server stops, polls are answered and pending changes are completed. On SIGTERM, the process exits soon.</summary>
public sealed class NacosStopTests : IDisposable
{
    private const string Form = "Content-Type: application/x-www-form-urlencoded";
    private const string Configs = "/nacos/v1/cs/configs";

    // Less than the time of a poll, and than the 30 seconds that a host without a limit waits for requests.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);
    private readonly string _folder = Directory.CreateTempSubdirectory("acm-stop-").FullName;

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    [InlineData("3")]
    public async Task Hanging_polls_are_answered_that_nothing_changed_and_the_process_is_gone(string generation)
    {
        if (OperatingSystem.IsWindows()) return;

        await using AcmServerProcess server = await AcmServerProcess.StartAsync("--nacos-generation", generation);
        var polls = new List<RawHttp>();
        for (int i = 0; i < 20; i++)
        {
            RawHttp poll = await RawHttp.ConnectAsync(server.Uri);
            polls.Add(poll);
            await poll.WriteAsync($"POST {Configs}/listener HTTP/1.1\n{Form}\nLong-Pulling-Timeout: 30000", $"Listening-Configs=a{i}%02G%02%01");
        }

        await RunningServer.WaitForHangingPollsAsync(server.Uri, polls.Count);
        var time = Stopwatch.StartNew();

        server.Terminate();
        foreach (RawHttp poll in polls)
        {
            RawResponse answer = await poll.ReadAsync();
            Assert.Equal((200, ""), (answer.Status, answer.Text));
            poll.Dispose();
        }

        Assert.Equal(0, await server.WaitForExitAsync());
        Assert.InRange(time.Elapsed, TimeSpan.Zero, Soon);
    }

    [Theory]
    [InlineData("1", "/nacos/v1/cs/configs", "group")]
    [InlineData("2", "/nacos/v2/cs/config", "group")]
    [InlineData("3", "/nacos/v3/admin/cs/config", "groupName")]
    public async Task A_publish_under_way_is_finished_and_kept(string generation, string path, string group)
    {
        string[] options = ["--data", Path.Combine(_folder, "acm.db"), "--nacos-generation", generation];

        // Reserved, so that no other server listens on the port once this one does not.
        using var ports = PortPair.Take();
        RunningServer server = await RunningServer.StartWithAsync(options => options with { StopTimeout = Clients.Deadline, Addresses = [ListenAddress.Parse($"http://127.0.0.1:{ports.ListenPort}")] }, options);
        Uri uri = server.Uri;
        using RawHttp publish = await RawHttp.ConnectAsync(uri);
        string form = $"dataId=a&{group}=G&content=late";
        await publish.WriteAsync($"POST {path} HTTP/1.1\n{Form}\nContent-Length: {form.Length}\nExpect: 100-continue");

        // The body is being read now.
        RawResponse goOn = await publish.ReadAsync();
        Task stopped = server.DisposeAsync().AsTask();
        await WaitUntilNobodyListensAsync(uri);
        await publish.WriteRestAsync(form);
        RawResponse published = await publish.ReadAsync();
        await stopped.WaitAsync(Clients.Deadline, TestContext.Current.CancellationToken);
        await using RunningServer next = await RunningServer.StartWithAsync(options);
        RawResponse read = await RawHttp.GetAsync(next.Uri, $"{Configs}?dataId=a&group=G");

        Assert.Equal((100, 200), (goOn.Status, published.Status));
        Assert.Equal("late", read.Text);
    }

    [Fact]
    public async Task A_client_that_sends_nothing_more_holds_it_up_for_a_short_time_only()
    {
        if (OperatingSystem.IsWindows()) return;

        await using AcmServerProcess server = await AcmServerProcess.StartOnFileAsync(Path.Combine(_folder, "acm.db"));
        using RawHttp publish = await RawHttp.ConnectAsync(server.Uri);
        await publish.WriteAsync($"POST {Configs} HTTP/1.1\n{Form}\nContent-Length: 100\nExpect: 100-continue");
        await publish.ReadAsync();
        var time = Stopwatch.StartNew();

        server.Terminate();

        Assert.Equal(0, await server.WaitForExitAsync());
        Assert.InRange(time.Elapsed, TimeSpan.Zero, Soon);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task WaitUntilNobodyListensAsync(Uri server)
    {
        using var deadline = new CancellationTokenSource(Clients.Deadline);
        while (true)
        {
            deadline.Token.ThrowIfCancellationRequested();
            try
            {
                (await RawHttp.ConnectAsync(server)).Dispose();
            }
            catch (SocketException)
            {
                return;
            }
        }
    }
}
