using Acm.Client;
using Acm.Tests.Support;

namespace Acm.Tests.Servers;

/// <summary>The server list comes from the endpoint's address server.</summary>
public sealed class AddressServerTests
{
    private static readonly ConfigKey Key = new("app.yml");
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task The_servers_it_lists_are_used()
    {
        await using var data = ScriptedServer.Always(ScriptedReply.Content("v"));
        await using var address = ScriptedServer.Always(List(data.Address));
        using AcmClient client = Clients.With(Options(address));

        AcmConfig config = await Clients.InTime(client.GetAsync(Key));

        Assert.Equal(data.Address, config.Server);
        Assert.Equal("/diamond-server/diamond", Assert.Single(address.Requests).Target);
        Assert.Single(data.Requests);
    }

    [Theory]
    [InlineData("sh", "/diamond-server/diamond-unit-sh?nofix=1")]
    [InlineData("a b/c", "/diamond-server/diamond-unit-a%20b%2Fc?nofix=1")]
    public async Task A_unit_has_a_list_of_its_own(string unit, string target)
    {
        await using var data = ScriptedServer.Always(ScriptedReply.Content("v"));
        await using var address = ScriptedServer.Always(List(data.Address));
        using AcmClient client = Clients.With(Options(address) with { UnitName = unit });

        await Clients.InTime(client.GetAsync(Key));

        Assert.Equal(target, address.Requests.Single().Target);
    }

    [Fact]
    public async Task S8_it_is_asked_without_a_signature_and_without_a_name()
    {
        await using var data = ScriptedServer.Always(ScriptedReply.Content("v"));
        await using var address = ScriptedServer.Always(List(data.Address));
        using AcmClient client = Clients.With(Options(address) with { Credential = new AcmCredential("ak", "sk", "token") });

        await Clients.InTime(client.GetAsync(Key));

        Assert.Equal(["Host", "User-Agent"], address.Requests.Single().Headers.Keys.Order());
        Assert.Contains("Spas-Signature", data.Requests.Single().Headers.Keys);
    }

    [Theory]
    [InlineData(false, "127.0.0.2:8080")]
    [InlineData(true, "127.0.0.2:443")]
    public async Task A_line_without_a_port_has_the_default_one(bool tls, string expected)
    {
        await using var address = ScriptedServer.Always(List("127.0.0.2"));
        using AcmClient client = Clients.With(Options(address) with { UseTls = tls }, new PauselessClock());

        await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal([expected], client.KnownServers);
    }

    [Fact]
    public async Task Blank_lines_spaces_carriage_returns_and_repetitions_are_passed_over()
    {
        await using var data = ScriptedServer.Always(ScriptedReply.Content("v"));
        await using var address = ScriptedServer.Always(ScriptedReply.Text(200, "text/plain", $"\r\n  {data.Address} \r\n\n{data.Address}\n"));
        using AcmClient client = Clients.With(Options(address));

        await Clients.InTime(client.GetAsync(Key));

        Assert.Equal([data.Address], client.KnownServers);
    }

    [Fact]
    public async Task R27_it_is_not_asked_again_before_30_seconds_have_passed()
    {
        await using var data = ScriptedServer.Always(ScriptedReply.Content("v"));
        await using var address = ScriptedServer.Always(List(data.Address));
        var clock = new PauselessClock();
        using AcmClient client = Clients.With(Options(address), clock);

        for (int i = 0; i < 5; i++) await Clients.InTime(client.GetAsync(Key));
        clock.Advance(RefreshInterval - TimeSpan.FromMilliseconds(1));
        await Clients.InTime(client.GetAsync(Key));

        Assert.Single(address.Requests);
    }

    [Fact]
    public async Task After_30_seconds_a_call_has_it_asked_again_and_goes_to_the_old_list_meanwhile()
    {
        var answer = new TaskCompletionSource();
        await using var old = ScriptedServer.Always(ScriptedReply.Content("old"));
        await using var young = ScriptedServer.Always(ScriptedReply.Content("young"));
        int asked = 0;
        await using var address = new ScriptedServer(_ => Interlocked.Increment(ref asked) == 1 ? List(old.Address) : List(young.Address) with { Gate = answer.Task });
        var log = new RecordingLog(AcmLogLevel.Verbose);
        var clock = new PauselessClock();
        using AcmClient client = Clients.With(Options(address) with { Log = log }, clock);
        await Clients.InTime(client.GetAsync(Key));
        clock.Advance(RefreshInterval);

        AcmConfig meanwhile = await Clients.InTime(client.GetAsync(Key));
        answer.SetResult();
        await log.WaitForAsync($"lists {young.Address}", TestContext.Current.CancellationToken);
        AcmConfig after = await Clients.InTime(client.GetAsync(Key));

        Assert.Equal("old", meanwhile.Content);
        Assert.Equal("young", after.Content);
        Assert.Equal(2, asked);
    }

    [Theory]
    [InlineData("empty")]
    [InlineData("500")]
    [InlineData("reset")]
    [InlineData("html")]
    public async Task R27_a_refresh_that_fails_or_is_empty_keeps_the_old_list_and_says_so(string fault)
    {
        await using var data = ScriptedServer.Always(ScriptedReply.Content("v"));
        int asked = 0;
        await using var address = new ScriptedServer(_ => Interlocked.Increment(ref asked) == 1 ? List(data.Address) : Fault(fault));
        var log = new RecordingLog(AcmLogLevel.Verbose);
        var clock = new PauselessClock();
        using AcmClient client = Clients.With(Options(address) with { Log = log }, clock);
        await Clients.InTime(client.GetAsync(Key));
        clock.Advance(RefreshInterval);

        AcmConfig config = await Clients.InTime(client.GetAsync(Key));
        string line = await log.WaitForAsync("is kept", TestContext.Current.CancellationToken);

        Assert.Equal("v", config.Content);
        Assert.Equal([data.Address], client.KnownServers);
        Assert.Contains("previous list of 1", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refresh_does_not_write_to_the_log_of_the_call_that_noticed_it()
    {
        // The call may have ended, and its log closed, before the response arrives.
        await using var data = ScriptedServer.Always(ScriptedReply.Content("v"));
        await using var address = ScriptedServer.Always(List(data.Address));
        var log = new RecordingLog(AcmLogLevel.Verbose);
        var clock = new PauselessClock();
        using AcmClient client = Clients.With(Options(address) with { Log = log }, clock);
        await Clients.InTime(client.GetAsync(Key));
        await log.WaitForAsync("lists", TestContext.Current.CancellationToken);
        clock.Advance(RefreshInterval);
        var callLog = new RecordingLog(AcmLogLevel.Verbose);

        await Clients.InTime(client.GetAsync(Key, new AcmCallOptions { Log = callLog }));
        await log.WaitForAsync("lists", TestContext.Current.CancellationToken);

        Assert.DoesNotContain(callLog.Lines, line => line.Contains(address.Address, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("html")]
    [InlineData("garbage")]
    public async Task What_is_no_list_is_a_clear_error(string fault)
    {
        await using var address = ScriptedServer.Always(fault == "html" ? Fault(fault) : ScriptedReply.Text(200, "text/plain", "\u0001\u0002\u0003 !"));
        using AcmClient client = Clients.With(Options(address), new PauselessClock());

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal(AcmErrorKind.InvalidResponse, error.Kind);
        Assert.Contains("not a server list", error.Message, StringComparison.Ordinal);
        Assert.Contains("address server", error.Advice, StringComparison.Ordinal);
        Assert.Equal(Key, error.Key);
    }

    [Theory]
    [InlineData("empty", "lists no server")]
    [InlineData("500", "answered 500")]
    [InlineData("reset", "can't be reached")]
    public async Task Down_at_start_is_an_error_and_the_next_call_asks_again(string fault, string expected)
    {
        await using var data = ScriptedServer.Always(ScriptedReply.Content("v"));
        int asked = 0;
        await using var address = new ScriptedServer(_ => Interlocked.Increment(ref asked) <= 3 ? Fault(fault) : List(data.Address));
        using AcmClient client = Clients.With(Options(address), new PauselessClock());

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key));
        AcmConfig config = await Clients.InTime(client.GetAsync(Key));

        Assert.Equal(AcmErrorKind.ServerUnavailable, error.Kind);
        Assert.Equal(Key, error.Key);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains(address.Address, error.Message, StringComparison.Ordinal);
        Assert.Equal("v", config.Content);
    }

    [Fact]
    public async Task R14_calls_that_come_first_all_at_once_ask_once()
    {
        var answer = new TaskCompletionSource();
        await using var data = ScriptedServer.Always(ScriptedReply.Content("v"));
        await using var address = ScriptedServer.Always(List(data.Address) with { Gate = answer.Task });
        using AcmClient client = Clients.With(Options(address));

        Task<AcmConfig>[] gets = [.. Enumerable.Range(0, 10).Select(_ => client.GetAsync(Key))];
        answer.SetResult();
        await Clients.InTime(Task.WhenAll(gets));

        Assert.Single(address.Requests);
        Assert.Equal(10, data.Requests.Count);
    }

    [Fact]
    public async Task A_first_call_that_is_cancelled_does_not_take_the_others_with_it()
    {
        var answer = new TaskCompletionSource();
        await using var data = ScriptedServer.Always(ScriptedReply.Content("v"));
        await using var address = ScriptedServer.Always(List(data.Address) with { Gate = answer.Task });
        using AcmClient client = Clients.With(Options(address));
        using var cancel = new CancellationTokenSource();
        Task<AcmConfig> first = client.GetAsync(Key, cancellationToken: cancel.Token);
        Task<AcmConfig> second = client.GetAsync(Key, cancellationToken: TestContext.Current.CancellationToken);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.WaitAsync(Clients.Deadline, TestContext.Current.CancellationToken));
        answer.SetResult();
        AcmConfig config = await Clients.InTime(second);

        Assert.Equal("v", config.Content);
        Assert.Single(address.Requests);
    }

    [Fact]
    public async Task R14_the_server_in_use_stays_in_use_when_the_list_comes_in_another_order()
    {
        await using var bad = ScriptedServer.Always(ScriptedReply.Status(500));
        await using var good = ScriptedServer.Always(ScriptedReply.Content("v"));
        await using var third = ScriptedServer.Always(ScriptedReply.Content("v"));
        int asked = 0;
        await using var address = new ScriptedServer(_ => Interlocked.Increment(ref asked) == 1 ? List(good.Address, bad.Address) : List(good.Address, third.Address, bad.Address));
        var log = new RecordingLog(AcmLogLevel.Verbose);
        var clock = new PauselessClock();
        using AcmClient client = Clients.With(Options(address) with { Log = log }, clock);
        await Clients.InTime(client.GetAsync(Key));
        await log.WaitForAsync("lists", TestContext.Current.CancellationToken);
        clock.Advance(RefreshInterval);

        await Clients.InTime(client.GetAsync(Key));
        await log.WaitForAsync("lists", TestContext.Current.CancellationToken);
        await Clients.InTime(client.GetAsync(Key));

        Assert.Equal(3, good.Requests.Count);
        Assert.Equal(good.Address, client.KnownServers[0]);
        Assert.Equal(3, client.KnownServers.Count);
        Assert.Empty(third.Requests);
    }

    [Fact]
    public async Task A_server_in_use_that_is_no_longer_listed_hands_over()
    {
        await using var gone = ScriptedServer.Always(ScriptedReply.Content("gone"));
        await using var stays = ScriptedServer.Always(ScriptedReply.Content("stays"));
        int asked = 0;
        await using var address = new ScriptedServer(_ => Interlocked.Increment(ref asked) == 1 ? List(gone.Address) : List(stays.Address));
        var log = new RecordingLog(AcmLogLevel.Verbose);
        var clock = new PauselessClock();
        using AcmClient client = Clients.With(Options(address) with { Log = log }, clock);
        await Clients.InTime(client.GetAsync(Key));
        clock.Advance(RefreshInterval);

        await Clients.InTime(client.GetAsync(Key));
        await log.WaitForAsync($"lists {stays.Address}", TestContext.Current.CancellationToken);
        AcmConfig config = await Clients.InTime(client.GetAsync(Key));

        Assert.Equal("stays", config.Content);
    }

    private static AcmClientOptions Options(ScriptedServer address) => Clients.Options(address) with { Direct = false };

    private static ScriptedReply List(params string[] servers) => ScriptedReply.Text(200, "text/plain", string.Join("\n", servers));

    private static ScriptedReply Fault(string name) => name switch
    {
        "empty" => ScriptedReply.Text(200, "text/plain", "\r\n"),
        "html" => ScriptedReply.Text(200, "text/html", "<!DOCTYPE html>\n<html><body>Sign in</body></html>"),
        _ => RotationTests.Fault(name),
    };
}
