using Acm.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.Server;

public class LimitTests
{
    [Fact]
    public async Task Reads_of_one_configuration_beyond_the_limit_are_503_for_the_rest_of_that_second()
    {
        var clock = new FakeTimeProvider();
        await using RunningServer server = await RunningServer.StartAsync(options => options with { MaxReadsPerSecond = 2 }, clock);

        RawResponse first = await server.GetAsync("a");
        clock.Advance(TimeSpan.FromMilliseconds(600));
        RawResponse second = await server.GetAsync("a");
        RawResponse third = await server.GetAsync("a");
        RawResponse other = await server.GetAsync("b");
        clock.Advance(TimeSpan.FromMilliseconds(400));
        RawResponse later = await server.GetAsync("a");
        RawResponse tooMany = await server.GetAsync("a");

        Assert.Equal([404, 404, 503, 404, 404, 503], new[] { first, second, third, other, later, tooMany }.Select(answer => answer.Status));
        Assert.Equal("Serivce is unavailable now.Request is refused.\n", third.Text);
    }

    [Fact]
    public async Task Changes_of_one_configuration_are_limited_apart_from_its_reads()
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { MaxChangesPerSecond = 1 }, new FakeTimeProvider());

        RawResponse first = await server.PublishAsync("a", "1");
        RawResponse second = await server.PublishAsync("a", "2");
        RawResponse removal = await server.RemoveAsync("a");
        RawResponse read = await server.GetAsync("a");

        Assert.Equal([200, 503, 503, 200], new[] { first, second, removal, read }.Select(answer => answer.Status));
    }

    [Fact]
    public async Task Polls_of_one_address_beyond_the_limit_are_503_until_one_ends()
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { MaxConnectionsPerIp = 1 });
        using RawHttp poll = await server.HangAsync("a%02DEFAULT_GROUP%02%02ns-0001%01");

        RawResponse second = await RawHttp.PostAsync(server.Uri, "/diamond-server/config.co", "Probe-Modify-Request=b%02G%02%01", "longPullingTimeout: 30000");
        await server.PublishAsync("a", "1");
        await poll.ReadAsync();
        await server.WaitForHangingPollsAsync(0);
        using RawHttp again = await server.HangAsync("b%02G%02%01");

        Assert.Equal(503, second.Status);
    }
}
