using System.Diagnostics;
using System.Net.Sockets;
using Acm.Tests.Support;

namespace Acm.Tests.Server;

/// <summary>On SIGTERM, polls are answered, pending changes are completed, and the process exits soon.</summary>
public sealed class NacosStopTests : IDisposable
{
    private const string Form = "Content-Type: application/x-www-form-urlencoded";
    private const string Configs = "/nacos/v1/cs/configs";
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
        if (OperatingSystem.IsWindows()) return;

        await using AcmServerProcess server = await AcmServerProcess.StartOnFileAsync(Path.Combine(_folder, "acm.db"), "--nacos-generation", generation);
        using RawHttp publish = await RawHttp.ConnectAsync(server.Uri);
        string form = $"dataId=a&{group}=G&content=late";
        await publish.WriteAsync($"POST {path} HTTP/1.1\n{Form}\nContent-Length: {form.Length}\nExpect: 100-continue");

        // The response is being read now.
        RawResponse goOn = await publish.ReadAsync();
        server.Terminate();
        await WaitUntilNobodyListensAsync(server.Uri);
        await publish.WriteRestAsync(form);
        RawResponse published = await publish.ReadAsync();
        int exitCode = await server.WaitForExitAsync();
        await using RunningServer next = await RunningServer.StartWithAsync("--data", Path.Combine(_folder, "acm.db"), "--nacos-generation", generation);
        RawResponse read = await RawHttp.GetAsync(next.Uri, $"{Configs}?dataId=a&group=G");

        Assert.Equal((100, 200, 0), (goOn.Status, published.Status, exitCode));
        Assert.Equal("late", read.Text);
    }

    [Fact]
    public async Task A_client_that_sends_nothing_more_holds_it_up_for_a_short_time_only()
    {
        if (OperatingSystem.IsWindows()) return;

        await using AcmServerProcess server = await AcmServerProcess.StartAsync();
        using RawHttp publish = await RawHttp.ConnectAsync(server.Uri);
        await publish.WriteAsync($"POST {Configs} HTTP/1.1\n{Form}\nContent-Length: 100\nExpect: 100-continue");
        await publish.ReadAsync();
        var time = Stopwatch.StartNew();

        server.Terminate();
        await server.WaitForExitAsync();

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
