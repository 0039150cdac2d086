using Acm.Client;
using Acm.Tests.Support;

namespace Acm.Tests.Servers;

/// <summary>Servers that throttle requests.</summary>
public sealed class ThrottlingTests
{
    private static readonly ConfigKey Key = new("app.yml");
    private static readonly TimeSpan Asked = TimeSpan.FromSeconds(7);

    [Theory]
    [InlineData(429, "Retry-After: 7")]
    [InlineData(503, "Retry-After: 7")]
    [InlineData(429, "Date: Tue, 14 Nov 2023 22:13:20 GMT\r\nRetry-After: Tue, 14 Nov 2023 22:13:27 GMT")]
    public async Task The_next_try_comes_when_the_server_said_and_not_before(int status, string headers)
    {
        int asked = 0;
        await using var server = new ScriptedServer(_ => Interlocked.Increment(ref asked) == 1 ? ScriptedReply.Raw(status, headers, []) : ScriptedReply.Content("v"));
        var clock = new PauselessClock { LongestPause = TimeSpan.FromSeconds(20) };
        using AcmClient client = Clients.With(Patient(server), clock);

        AcmConfig config = await Clients.InTime(client.GetAsync(Key));

        Assert.Equal("v", config.Content);
        Assert.InRange(clock.GetUtcNow() - clock.Start, Asked, Asked + TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Without_a_time_the_pauses_grow()
    {
        int asked = 0;
        await using var server = new ScriptedServer(_ => Interlocked.Increment(ref asked) <= 2 ? ScriptedReply.Status(429) : ScriptedReply.Content("v"));
        var clock = new PauselessClock { LongestPause = TimeSpan.FromSeconds(20) };
        using AcmClient client = Clients.With(Patient(server), clock);

        await Clients.InTime(client.GetAsync(Key));

        Assert.True(clock.GetUtcNow() - clock.Start >= TimeSpan.FromMilliseconds(1200), $"It took {clock.GetUtcNow() - clock.Start}.");
    }

    [Fact]
    public async Task A_pause_longer_than_the_call_may_take_is_Throttled_at_once_and_holds_for_all_calls_until_it_is_over()
    {
        bool isThrottling = true;
        await using var server = new ScriptedServer(_ => Volatile.Read(ref isThrottling) ? ScriptedReply.Raw(429, "Retry-After: 3600", []) : ScriptedReply.Content("v"));
        var clock = new PauselessClock();
        using AcmClient client = Clients.With(Patient(server), clock);

        AcmException first = await Clients.FailsAsync(client.GetAsync(Key));
        AcmException second = await Clients.FailsAsync(client.GetAsync(new ConfigKey("other.yml")));
        int sent = server.Requests.Count;
        Volatile.Write(ref isThrottling, false);
        clock.Advance(TimeSpan.FromHours(1));
        AcmConfig config = await Clients.InTime(client.GetAsync(Key));

        Assert.Equal((AcmErrorKind.Throttled, AcmErrorKind.Throttled), (first.Kind, second.Kind));
        Assert.Contains("asks to wait 3", first.Message);
        Assert.Equal(1, sent);
        Assert.Equal("v", config.Content);
    }

    [Fact]
    public async Task The_random_part_of_a_pause_takes_no_more_than_the_call_has_left()
    {
        int asked = 0;
        await using var server = new ScriptedServer(_ => Interlocked.Increment(ref asked) == 1 ? ScriptedReply.Raw(429, "Retry-After: 60", []) : ScriptedReply.Content("v"));
        TimeSpan all = TimeSpan.FromSeconds(60.4);
        var clock = new PauselessClock { LongestPause = all, MostPauses = 2 };
        using var client = new AcmClient(Clients.Options(server) with { TryTimeout = all, TotalTimeout = all }, clock, () => 1);

        AcmConfig config = await Clients.InTime(client.GetAsync(Key));

        Assert.Equal("v", config.Content);
        Assert.InRange(clock.GetUtcNow() - clock.Start, TimeSpan.FromSeconds(60), all);
    }

    [Fact]
    public async Task A_server_that_throttles_is_passed_over_while_another_answers()
    {
        await using var busy = ScriptedServer.Always(ScriptedReply.Raw(429, "Retry-After: 60", []));
        await using var free = ScriptedServer.Always(ScriptedReply.Content("v"));
        using AcmClient client = Clients.With(Patient(busy, free), new PauselessClock());

        for (int i = 0; i < 5; i++) await Clients.InTime(client.GetAsync(Key));

        Assert.Single(busy.Requests);
        Assert.Equal(5, free.Requests.Count);
    }

    private static AcmClientOptions Patient(params ScriptedServer[] servers) =>
        Clients.Options(servers) with { TryTimeout = TimeSpan.FromSeconds(30), TotalTimeout = TimeSpan.FromMinutes(5) };
}
