using Acm.Tests.Support;

namespace Acm.Tests.Server;

public class PollTests
{
    private const string Poll = "/diamond-server/config.co";
    private const string HelloMd5 = "5d41402abc4b2a76b9719d911017c592";
    private const string ChangedApp = "app.yml%02DEFAULT_GROUP%02ns-0001%01\n";

    [Fact]
    public async Task The_first_round_of_the_Python_peer_gets_the_documented_answer()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await server.PublishAsync("app.yml", "hello");
        const string Head = """
            POST /diamond-server/config.co HTTP/1.1
            Content-Length: 60
            Content-Type: application/x-www-form-urlencoded; charset=GBK
            Spas-Accesskey: ak-test-0001
            Timestamp: 1700000000123
            Longpullingtimeout: 30000
            Longpullingnohangup: true
            """;

        RawResponse answer = await RawHttp.SendAsync(server.Uri, Head, "Probe-Modify-Request=app.yml%02DEFAULT_GROUP%02%02ns-0001%01");

        Assert.Equal((200, ChangedApp, "37"), (answer.Status, answer.Text, answer.Header("Content-Length")));
        Assert.Equal("text/html;charset=GBK", answer.Header("Content-Type"));
        Assert.Equal("no-cache", answer.Header("Pragma"));
        Assert.Equal("no-cache,no-store", answer.Header("Cache-Control"));
    }

    [Theory]
    [InlineData("app.yml%02DEFAULT_GROUP%02" + HelloMd5 + "%02ns-0001%01", "")]
    [InlineData("app.yml%02DEFAULT_GROUP%02" + HelloMd5 + "%01", "app.yml%02DEFAULT_GROUP%01\n")]
    [InlineData("app.yml%02DEFAULT_GROUP%02" + HelloMd5 + "%02%01", "app.yml%02DEFAULT_GROUP%01\n")]
    [InlineData("app.yml%02DEFAULT_GROUP%02null%02ns-0001%01", ChangedApp)]
    [InlineData("app.yml%02DEFAULT_GROUP%025D41402ABC4B2A76B9719D911017C592%02ns-0001%01", ChangedApp)]
    [InlineData("absent%02DEFAULT_GROUP%02%01", "")]
    [InlineData("absent%02DEFAULT_GROUP%02%02%01", "")]
    [InlineData("absent%02DEFAULT_GROUP%02d41d8cd98f00b204e9800998ecf8427e%02%01", "absent%02DEFAULT_GROUP%01\n")]
    [InlineData(
        "app.yml%02DEFAULT_GROUP%02bcce109775e8e1972e9f5fcda3e12895%02ns-0001%01jdbc.properties%02ACM%3ATest%025d41402abc4b2a76b9719d911017c592%02ns-0001%01",
        "app.yml%02DEFAULT_GROUP%02ns-0001%01jdbc.properties%02ACM%3ATest%02ns-0001%01\n")]
    public async Task A_poll_that_may_not_hang_tells_exactly_what_differs(string probe, string answer)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await server.PublishAsync("app.yml", "hello");

        RawResponse response = await PollOnceAsync(server, probe);

        Assert.Equal((200, answer), (response.Status, response.Text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Probe-Modify-Request=")]
    [InlineData("Probe-Modify-Request=a%02b%02c%02d%02e%01")]
    [InlineData("Probe-Modify-Request=a%02b%01")]
    [InlineData("Probe-Modify-Request=a%02b%02c")]
    public async Task A_malformed_probe_is_400(string body)
    {
        await using RunningServer server = await RunningServer.StartAsync();

        RawResponse answer = await RawHttp.PostAsync(server.Uri, Poll, body, "longPullingTimeout: 30000");

        Assert.Equal((400, "invalid probe\n"), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task More_than_ten_thousand_keys_are_refused()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        string tenThousand = string.Concat(Enumerable.Range(0, 10_000).Select(i => $"k{i}%02G%02%01"));

        RawResponse atTheLimit = await PollOnceAsync(server, tenThousand);
        RawResponse over = await PollOnceAsync(server, tenThousand + "one%02G%02%01");

        Assert.Equal([200, 400], [atTheLimit.Status, over.Status]);
    }

    [Fact]
    public async Task A_publish_wakes_the_poll_with_that_one_key_and_one_answer()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using RawHttp poll = await server.HangAsync("other%02DEFAULT_GROUP%02%02ns-0001%01app.yml%02DEFAULT_GROUP%02%02ns-0001%01");

        await server.PublishAsync("app.yml", "hello");
        RawResponse answer = await poll.ReadAsync();
        await server.PublishAsync("other", "hello");
        await server.WaitForHangingPollsAsync(0);

        Assert.Equal(ChangedApp, answer.Text);
        Assert.True(poll.IsSilent);
    }

    [Fact]
    public async Task A_removal_wakes_the_poll()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await server.PublishAsync("app.yml", "hello");
        using RawHttp poll = await server.HangAsync($"app.yml%02DEFAULT_GROUP%02{HelloMd5}%02ns-0001%01");

        await server.RemoveAsync("app.yml");
        RawResponse answer = await poll.ReadAsync();

        Assert.Equal(ChangedApp, answer.Text);
    }

    [Fact]
    public async Task The_same_content_again_wakes_nobody()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await server.PublishAsync("app.yml", "hello");
        using RawHttp poll = await server.HangAsync($"app.yml%02DEFAULT_GROUP%02{HelloMd5}%02ns-0001%01");

        await server.PublishAsync("app.yml", "hello");
        await server.WaitForHangingPollsAsync(1);
        await server.PublishAsync("app.yml", "2");
        RawResponse answer = await poll.ReadAsync();

        Assert.Equal(ChangedApp, answer.Text);
    }

    [Fact]
    public async Task Only_the_polls_that_watch_what_changed_are_woken()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using RawHttp first = await server.HangAsync("a%02DEFAULT_GROUP%02%02ns-0001%01");
        using RawHttp second = await server.HangAsync("b%02DEFAULT_GROUP%02%02ns-0001%01", asPollNumber: 2);
        using RawHttp otherNamespace = await server.HangAsync("a%02DEFAULT_GROUP%02%01", asPollNumber: 3);

        await server.PublishAsync("a", "1");
        RawResponse answer = await first.ReadAsync();
        await server.WaitForHangingPollsAsync(2);

        Assert.Equal("a%02DEFAULT_GROUP%02ns-0001%01\n", answer.Text);
        Assert.True(second.IsSilent && otherNamespace.IsSilent);
    }

    [Fact]
    public async Task A_client_that_goes_away_frees_its_place()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        RawHttp poll = await server.HangAsync("a%02G%02%01");

        poll.Dispose();

        await server.WaitForHangingPollsAsync(0);
    }

    [Fact]
    public async Task The_connection_serves_the_next_poll_after_an_answer()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using RawHttp poll = await server.HangAsync("app.yml%02DEFAULT_GROUP%02%02ns-0001%01");
        await server.PublishAsync("app.yml", "hello");
        await poll.ReadAsync();

        await poll.WriteAsync($"POST {Poll} HTTP/1.1\nlongPullingTimeout: 30000", $"Probe-Modify-Request=app.yml%02DEFAULT_GROUP%02{HelloMd5}%02ns-0001%01");
        await server.WaitForHangingPollsAsync(1);
        await server.PublishAsync("app.yml", "2");

        Assert.Equal(ChangedApp, (await poll.ReadAsync()).Text);
    }

    [Fact]
    public async Task A_stopping_server_answers_its_polls()
    {
        RunningServer server = await RunningServer.StartAsync();
        using RawHttp poll = await server.HangAsync("a%02G%02%01");

        await server.DisposeAsync();
        RawResponse answer = await poll.ReadAsync();

        Assert.Equal((200, ""), (answer.Status, answer.Text));
    }

    [Theory]
    [InlineData("Client-Version: 2.0.4")]
    [InlineData("Client-Version: 3.1.0")]
    public async Task A_short_poll_of_a_newer_client_is_answered_in_the_body(string version)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await server.PublishAsync("app.yml", "hello");

        RawResponse answer = await RawHttp.PostAsync(server.Uri, Poll, "Probe-Modify-Request=app.yml%02DEFAULT_GROUP%02%02ns-0001%01", version);

        Assert.Equal((200, ChangedApp, null), (answer.Status, answer.Text, answer.Header("Probe-Modify-Response")));
    }

    [Theory]
    [InlineData("Client-Version: 0.4.10")]
    [InlineData("Client-Version: 2.0.3")]
    [InlineData("X-None: 1")]
    public async Task A_short_poll_of_an_older_client_is_answered_in_headers(string version)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await server.PublishAsync("app.yml", "hello");

        RawResponse answer = await RawHttp.PostAsync(server.Uri, Poll, "Probe-Modify-Request=app.yml%02DEFAULT_GROUP%02%02ns-0001%01", version);

        Assert.Equal((200, ""), (answer.Status, answer.Text));
        Assert.Equal("app.yml:DEFAULT_GROUP;", answer.Header("Probe-Modify-Response"));
        Assert.Equal(ChangedApp.TrimEnd(), answer.Header("Probe-Modify-Response-New"));
    }

    [Fact]
    public async Task A_change_at_any_moment_around_a_poll_is_never_lost()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using RawHttp poll = await RawHttp.ConnectAsync(server.Uri);

        for (int round = 0; round < 200; round++)
        {
            string md5 = (await server.GetAsync("app.yml")).Header("Content-MD5") ?? "";
            Task<RawResponse> published = server.PublishAsync("app.yml", $"round-{round}");
            await poll.WriteAsync($"POST {Poll} HTTP/1.1\nlongPullingTimeout: 30000", $"Probe-Modify-Request=app.yml%02DEFAULT_GROUP%02{md5}%02ns-0001%01");

            // If the change were lost, the response would be empty and arrive after ten seconds.
            RawResponse answer = await poll.ReadAsync();
            await published;

            Assert.Equal(ChangedApp, answer.Text);
        }
    }

    private static Task<RawResponse> PollOnceAsync(RunningServer server, string encodedProbe) => RawHttp.PostAsync(
        server.Uri,
        Poll,
        "Probe-Modify-Request=" + encodedProbe,
        "longPullingTimeout: 30000",
        "longPullingNoHangUp: true");
}
