using System.Net.Sockets;
using Acm.Server.Limits;
using Acm.Server.Options;
using Acm.Tests.Support;

namespace Acm.Tests.Server;

public class ConnectionTests
{
    private const string AnyRead = "GET /diamond-server/config.co?dataId=a&group=G HTTP/1.1";

    [Theory]
    [InlineData(1_024L, 768)]
    [InlineData(4_096L, 3_072)]
    [InlineData(300L, 100)]
    [InlineData(100L, 16)]
    [InlineData(1_048_576L, 20_000)]
    [InlineData(long.MaxValue, 20_000)]
    [InlineData(null, 20_000)]
    public void The_limit_of_open_files_leaves_so_many_connections(long? descriptors, int connections) =>
        Assert.Equal(connections, ConnectionLimit.Within(descriptors));

    [Fact]
    public async Task A_connection_beyond_the_limit_is_closed_and_the_others_are_served_on_whatever_address()
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with
        {
            MaxConnections = 2,
            Addresses = [ListenAddress.Parse("http://127.0.0.1:0"), ListenAddress.Parse("http://127.0.0.1:0")],
        });
        using RawHttp first = await RawHttp.ConnectAsync(server.Uris[0]);
        using RawHttp second = await RawHttp.ConnectAsync(server.Uris[1]);
        int status = await StatusAsync(first);
        await StatusAsync(second);

        bool isServed = await IsServedAsync(server.Uris[0]);
        Assert.False(isServed);

        Assert.Equal((404, 404, 404), (status, await StatusAsync(first), await StatusAsync(second)));
    }

    [Fact]
    public async Task A_connection_that_ended_makes_room_for_another()
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { MaxConnections = 1 });
        using (RawHttp first = await RawHttp.ConnectAsync(server.Uri)) await StatusAsync(first);

        Assert.True(await IsServedInTimeAsync(server.Uri));
    }

    [Fact]
    public async Task A_connection_on_which_nothing_is_asked_is_closed_and_a_long_poll_is_not()
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { IdleTimeout = TimeSpan.FromSeconds(1) });
        using RawHttp poll = await server.HangAsync("a%02DEFAULT_GROUP%02%02ns-0001%01");
        using RawHttp silent = await RawHttp.ConnectAsync(server.Uri);
        using RawHttp used = await RawHttp.ConnectAsync(server.Uri);
        await StatusAsync(used);

        await Assert.ThrowsAnyAsync<IOException>(silent.ReadAsync);
        await Assert.ThrowsAnyAsync<IOException>(used.ReadAsync);
        await server.PublishAsync("a", "1");

        Assert.Equal(200, (await poll.ReadAsync()).Status);
    }

    [Fact]
    public async Task Polls_leave_connections_for_reads()
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { MaxConnections = 8 });
        var polls = new List<RawHttp>();
        for (int i = 1; i <= 7; i++)
        {
            polls.Add(await RawHttp.ConnectAsync(server.Uri));
            await polls[^1].WriteAsync("POST /diamond-server/config.co HTTP/1.1\nlongPullingTimeout: 60000", "Probe-Modify-Request=a%02G%02%01");
        }

        using RawHttp last = await RawHttp.ConnectAsync(server.Uri);
        await RunningServer.WaitForHangingPollsAsync(last, 7);

        await last.WriteAsync("POST /diamond-server/config.co HTTP/1.1\nlongPullingTimeout: 60000", "Probe-Modify-Request=a%02G%02%01");
        RawResponse refused = await last.ReadAsync();
        int read = await StatusAsync(last);
        polls.ForEach(poll => poll.Dispose());

        Assert.Equal((503, 404), (refused.Status, read));
    }

    [Fact]
    public async Task Two_thousand_idle_connections_and_a_thousand_descriptors_leave_a_server_that_serves()
    {
        if (!OperatingSystem.IsLinux()) return;

        const int Idle = 2_000;
        await using AcmServerProcess server = await AcmServerProcess.StartWithDescriptorsAsync(1_024, "--idle-seconds", "3");
        using RawHttp open = await RawHttp.ConnectAsync(server.Uri);
        Assert.Equal(404, await StatusAsync(open));
        var idle = new List<Socket>();
        try
        {
            for (int i = 0; i < Idle; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                idle.Add(socket);
                try
                {
                    await socket.ConnectAsync(server.Uri.Host, server.Uri.Port);
                }
                catch (SocketException)
                {
                    // Rejected during the connect.
                }

                if (i % 50 == 0) Assert.Equal(404, await StatusAsync(open));
            }

            Assert.Equal(404, await StatusAsync(open));
            Assert.True(await IsServedInTimeAsync(server.Uri));
        }
        finally
        {
            idle.ForEach(socket => socket.Dispose());
        }

        Assert.Equal(0, await server.StopAsync());
        Assert.Contains("768 connections are open", server.Errors, StringComparison.Ordinal);
    }

    private static async Task<int> StatusAsync(RawHttp connection)
    {
        await connection.WriteAsync(AnyRead);
        return (await connection.ReadAsync()).Status;
    }

    private static async Task<bool> IsServedAsync(Uri server)
    {
        try
        {
            using RawHttp connection = await RawHttp.ConnectAsync(server);
            return await StatusAsync(connection) == 404;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // The server closed the connection before or during the request.
            return false;
        }
    }

    /// <summary>Connects repeatedly until a request succeeds or the time is over.</summary>
    private static async Task<bool> IsServedInTimeAsync(Uri server)
    {
        using var deadline = new CancellationTokenSource(Clients.Deadline);
        while (!deadline.IsCancellationRequested)
        {
            if (await IsServedAsync(server)) return true;
        }

        return false;
    }
}
