using Acm.Client;
using Acm.Tests.Support;

namespace Acm.Tests.Servers;

public sealed class RotationTests
{
    private static readonly ConfigKey Key = new("app.yml");

    public static TheoryData<string> Faults => ["hang", "drip", "reset", "close", "half", "garbage", "429", "500", "502", "503", "504"];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task R29_a_server_that_fails_in_any_way_hands_over_to_the_next(string fault)
    {
        await using var bad = ScriptedServer.Always(Fault(fault));
        await using var good = ScriptedServer.Always(ScriptedReply.Content("v"));
        var clock = new PauselessClock();
        using AcmClient client = Clients.With(Clients.Options(bad, good), clock);

        Task<AcmConfig> get = client.GetAsync(Key);
        await bad.NextRequestAsync();
        if (fault is "hang" or "drip") clock.Advance(client.Options.TryTimeout);
        AcmConfig config = await Clients.InTime(get);

        Assert.Equal("v", config.Content);
        Assert.Equal(good.Address, config.Server);
        Assert.Single(good.Requests);
        Assert.NotEmpty(bad.Requests);
    }

    [Fact]
    public async Task A_refused_connection_hands_over_to_the_next()
    {
        await using var good = ScriptedServer.Always(ScriptedReply.Content("v"));
        using AcmClient client = Clients.With(Clients.Options() with { Endpoint = $"127.0.0.1:{ScriptedServer.UnusedPort()},{good.Address}" });

        AcmConfig config = await Clients.InTime(client.GetAsync(Key));

        Assert.Equal("v", config.Content);
    }

    [Fact]
    public async Task The_server_that_worked_stays_in_use()
    {
        await using var bad = ScriptedServer.Always(ScriptedReply.Status(500));
        await using var good = ScriptedServer.Always(ScriptedReply.Content("v"));
        using AcmClient client = Clients.For(bad, good);

        for (int i = 0; i < 5; i++) await Clients.InTime(client.GetAsync(Key));

        Assert.Single(bad.Requests);
        Assert.Equal(good.Address, client.KnownServers[0]);
    }

    [Fact]
    public async Task Every_server_of_a_long_list_is_tried()
    {
        await using var first = ScriptedServer.Always(ScriptedReply.Status(500));
        await using var second = ScriptedServer.Always(ScriptedReply.Status(502));
        await using var third = ScriptedServer.Always(ScriptedReply.Status(503));
        await using var fourth = ScriptedServer.Always(ScriptedReply.Status(504));
        await using var fifth = ScriptedServer.Always(ScriptedReply.Content("v"));
        using AcmClient client = Clients.For(first, second, third, fourth, fifth);

        AcmConfig config = await Clients.InTime(client.GetAsync(Key));

        Assert.Equal(fifth.Address, config.Server);
    }

    [Fact]
    public async Task An_answer_that_settles_the_call_is_not_asked_of_another_server()
    {
        await using var denies = ScriptedServer.Always(ScriptedReply.Status(403));
        await using var other = ScriptedServer.Always(ScriptedReply.Content("v"));
        using AcmClient client = Clients.For(denies, other);

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal(AcmErrorKind.AccessDenied, error.Kind);
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task Servers_that_all_hang_are_a_timeout_that_names_them()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Hang);
        using AcmClient client = Clients.With(Clients.Options(server) with { TryTimeout = TimeSpan.FromMilliseconds(50) });

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal(AcmErrorKind.Timeout, error.Kind);
        Assert.Contains(server.Address, error.Message, StringComparison.Ordinal);
        Assert.Contains("0.05 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_limit_of_the_call_ends_it_before_its_tries_do()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Hang);
        using AcmClient client = Clients.With(Clients.Options(server) with { TryTimeout = TimeSpan.FromMinutes(5), TotalTimeout = TimeSpan.FromMilliseconds(100) });

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal(AcmErrorKind.Timeout, error.Kind);
        Assert.Contains("0.1 s in total", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failures_of_different_kinds_are_together_an_unavailable_server()
    {
        await using var garbled = ScriptedServer.Always(Fault("garbage"));
        await using var broken = ScriptedServer.Always(ScriptedReply.Status(500));
        using AcmClient client = Clients.For(garbled, broken);

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal(AcmErrorKind.ServerUnavailable, error.Kind);
        Assert.Contains(garbled.Address, error.Message, StringComparison.Ordinal);
        Assert.Contains(broken.Address, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_that_keeps_failing_pauses_between_rounds()
    {
        var clock = new PauselessClock();
        await using var server = ScriptedServer.Always(ScriptedReply.Status(500));
        using AcmClient client = Clients.With(Clients.Options(server), clock);

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal([TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(200)], clock.Pauses);
        Assert.Equal(3, server.Requests.Count);
        Assert.Equal(AcmErrorKind.ServerUnavailable, error.Kind);
    }

    internal static ScriptedReply Fault(string name) => name switch
    {
        "hang" => ScriptedReply.Hang,
        "drip" => ScriptedReply.Bytes("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab", ReplyEnd.Hang),
        "reset" => ScriptedReply.Reset,
        "close" => ScriptedReply.Bytes("", ReplyEnd.Close),
        "half" => ScriptedReply.Bytes("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab", ReplyEnd.Close),
        "garbage" => ScriptedReply.Bytes("garbage\r\n\r\n", ReplyEnd.Close),
        _ => ScriptedReply.Status(int.Parse(name, System.Globalization.CultureInfo.InvariantCulture)),
    };
}
