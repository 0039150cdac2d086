using Acm.Tests.Support;

namespace Acm.Tests.Server;

public class ManyPollsTests
{
    private const int Polls = 2_000;
    [Fact]
    public async Task Two_thousand_polls_hang_and_a_change_wakes_only_those_that_watch_it()
    {
        await using AcmServerProcess server = await AcmServerProcess.StartAsync();
        var polls = new List<RawHttp>();
        try
        {
            for (int i = 0; i < Polls; i++)
            {
                RawHttp poll = await RawHttp.ConnectAsync(server.Uri);
                polls.Add(poll);
                await poll.WriteAsync("POST /diamond-server/config.co HTTP/1.1\nlongPullingTimeout: 60000", $"Probe-Modify-Request=k{i % 100}%02G%02%01");
            }

            await RunningServer.WaitForHangingPollsAsync(server.Uri, Polls);
            await RawHttp.PostAsync(server.Uri, "/diamond-server/basestone.do?method=syncUpdateAll", "dataId=k7&group=G&content=1");
            RawResponse[] woken = await Task.WhenAll(polls.Where((_, i) => i % 100 == 7).Select(poll => poll.ReadAsync())).WaitAsync(Clients.Deadline, TestContext.Current.CancellationToken);
            await RunningServer.WaitForHangingPollsAsync(server.Uri, Polls - woken.Length);

            Assert.All(woken, answer => Assert.Equal("k7%02G%01\n", answer.Text));
            Assert.Equal(Polls / 100, woken.Length);
            Assert.All(polls.Where((_, i) => i % 100 != 7), poll => Assert.True(poll.IsSilent));
        }
        finally
        {
            polls.ForEach(poll => poll.Dispose());
        }
    }
}
