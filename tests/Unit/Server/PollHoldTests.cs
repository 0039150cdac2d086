using Acm.Server.Dialects.Acm;
using Acm.Server.Polling;
using Acm.Server.Storage;
using Acm.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.Server;

public class PollHoldTests
{
    private static readonly ReadView View = new AcmView(new ConfigIndex(new MemoryJournal()));

    [Theory]
    [InlineData(30_000, 29_500)]
    [InlineData(10_400, 10_000)]
    [InlineData(1_000, 10_000)]
    [InlineData(0, 10_000)]
    public async Task A_poll_ends_empty_half_a_second_before_its_time_and_not_before_ten_seconds(int timeout, int hold)
    {
        var clock = new FakeTimeProvider();
        await using RunningServer server = await RunningServer.StartAsync(clock: clock);
        using RawHttp poll = await server.HangAsync("a%02G%02%01", timeout: timeout);

        clock.Advance(TimeSpan.FromMilliseconds(hold - 1));
        await server.WaitForHangingPollsAsync(1);
        bool silentBefore = poll.IsSilent;
        clock.Advance(TimeSpan.FromMilliseconds(101));
        RawResponse answer = await poll.ReadAsync();

        Assert.True(silentBefore);
        Assert.Equal((200, "", "0", null), (answer.Status, answer.Text, answer.Header("Content-Length"), answer.Header("Pragma")));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(29_500)]
    [InlineData(51_200)]
    [InlineData(600_000)]
    public void The_clock_ends_a_poll_at_its_time_never_early_and_at_most_a_tick_late(int hold)
    {
        var time = new FakeTimeProvider();
        using var clock = new PollTimer(time);
        var poll = new Poll(View);
        clock.Add(poll, TimeSpan.FromMilliseconds(hold));

        time.Advance(TimeSpan.FromMilliseconds(hold - 1));
        bool endedEarly = poll.Task.IsCompleted;
        time.Advance(TimeSpan.FromMilliseconds(101));

        Assert.False(endedEarly);
        Assert.True(poll.Task.IsCompletedSuccessfully);
    }

    [Fact]
    public void A_clock_that_was_idle_for_long_keeps_time_for_the_next_poll()
    {
        var time = new FakeTimeProvider();
        using var clock = new PollTimer(time);
        time.Advance(TimeSpan.FromHours(3));
        var poll = new Poll(View);
        clock.Add(poll, TimeSpan.FromSeconds(10));

        time.Advance(TimeSpan.FromSeconds(9));
        bool endedEarly = poll.Task.IsCompleted;
        time.Advance(TimeSpan.FromSeconds(1.1));

        Assert.False(endedEarly);
        Assert.True(poll.Task.IsCompleted);
    }

    [Fact]
    public void A_poll_after_the_stop_ends_at_once()
    {
        using var clock = new PollTimer(new FakeTimeProvider());
        var poll = new Poll(View);

        clock.Stop();
        clock.Add(poll, TimeSpan.FromSeconds(30));

        Assert.True(poll.Task.IsCompleted);
    }

    [Theory]
    [InlineData("2.0.4", 204)]
    [InlineData("0.4.10", 50)]
    [InlineData("", 200)]
    [InlineData("nodejs-diamond-client/3.1.0", 10)]
    public void Versions_fold_into_one_number_as_the_original_server_has_it(string version, int number) =>
        Assert.Equal(number, ClientVersion.Number(version));
}
