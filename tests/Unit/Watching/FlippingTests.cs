using System.Globalization;
using Acm.Client;
using Acm.Tests.Support;

namespace Acm.Tests.Watching;

/// <summary>A key whose value changes at each poll.</summary>
public sealed class FlippingTests
{
    private static readonly ConfigKey Key = new("a");

    [Fact]
    public async Task A_key_that_changes_at_each_poll_is_read_once_a_second_in_the_end()
    {
        await using var server = new PollingServer(("a", "0"), ("b", "0"));
        int value = 0;
        server.Fault = request =>
        {
            if (request.IsPoll || request.IsGet) server.Publish("a", Interlocked.Increment(ref value).ToString(CultureInfo.InvariantCulture));
            return null;
        };
        var clock = new WatchClock();
        using AcmClient client = Clients.With(WatchClock.Options(server.Http), clock);
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);

        // Shorter intervals elapse immediately.
        for (int i = 0; i < 10; i++) Assert.Equal(1, await clock.PassAsync());

        Assert.InRange(log.All.Count, 10, 25);
        Assert.InRange(server.Http.Requests.Count, 10, 100);
        Assert.Equal(WatchState.Watching, watcher.State);
    }

    [Fact]
    public async Task The_last_value_of_a_key_that_flipped_is_told_and_later_changes_are_told_at_once_again()
    {
        await using var server = new PollingServer(("a", "0"));
        var clock = new WatchClock();
        using AcmClient client = Clients.With(WatchClock.Options(server.Http), clock);
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);
        await log.NextAsync();

        for (int i = 1; i <= 50; i++) server.Publish("a", i.ToString(CultureInfo.InvariantCulture));
        Task<ConfigChange> last = log.NextAsync(change => change.Content == "50");
        while (!last.IsCompleted) await Task.WhenAny(last, clock.PassAsync());
        clock.Advance(TimeSpan.FromSeconds(5));
        server.Publish("a", "later");

        await log.NextAsync(change => change.Content == "later");
        await last;
    }

    [Theory]
    [InlineData(new[] { 0, 600, 1700, 2800 }, new[] { 0, 0, 0, 0 })]
    [InlineData(new[] { 0, 10, 20, 80, 190, 400, 900, 1800, 2900 }, new[] { 0, 0, 50, 100, 200, 400, 800, 1000, 1000 })]
    [InlineData(new[] { 0, 10, 20, 2000 }, new[] { 0, 0, 50, 0 })]
    public void The_interval_grows_while_a_key_flips(int[] changes, int[] expected)
    {
        var trouble = new Client.Watching.KeyTrouble();

        Assert.Equal(expected, changes.Select(at => (int)trouble.NoteChange(TimeSpan.FromMilliseconds(at), md5: null, modified: null).TotalMilliseconds));
    }
}
