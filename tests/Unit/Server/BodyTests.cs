using System.Globalization;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using Acm.Server.Http;
using Acm.Server.Limits;
using Acm.Tests.Support;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.Server;

/// <summary>The memory and time limits of request bodies that are not authenticated yet.</summary>
public class BodyTests
{
    private const string Publish = "/diamond-server/basestone.do?method=syncUpdateAll";
    private const long Time = 1_700_000_000_123;

    [Theory]
    [InlineData("Spas-AccessKey: other\ntimeStamp: 1700000000123")]
    [InlineData("Spas-AccessKey: ak-test-0001\ntimeStamp: 1600000000123")]
    [InlineData("Spas-AccessKey: ak-test-0001")]
    [InlineData("")]
    public async Task With_keys_a_wrong_key_or_time_is_refused_before_the_body_is_read(string headers)
    {
        await using RunningServer server = await RunningServer.StartAsync(
            options => options with { AccessKey = "ak-test-0001", SecretKey = "sk-test-secret-0001" },
            new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(Time)));
        using RawHttp connection = await RawHttp.ConnectAsync(server.Uri);

        // The body is never sent.
        await connection.WriteAsync($"POST {Publish} HTTP/1.1\nContent-Length: 1000\n{headers}");

        Assert.Equal(403, (await connection.ReadAsync()).Status);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/json")]
    public async Task A_body_of_another_type_is_refused_on_each_route(string type)
    {
        await using RunningServer server = await RunningServer.StartAsync();

        RawResponse[] answers =
        [
            await RawHttp.PostAsync(server.Uri, Publish, "dataId=a&group=G&content=1", $"Content-Type: {type}"),
            await RawHttp.PostAsync(server.Uri, "/diamond-server/datum.do?method=deleteAllDatums", "dataId=a&group=G", $"Content-Type: {type}"),
            await RawHttp.PostAsync(server.Uri, "/diamond-server/config.co?method=batchGetConfig", "dataIds=a&group=G", $"Content-Type: {type}"),
            await RawHttp.PostAsync(server.Uri, "/diamond-server/config.co", "Probe-Modify-Request=a%02G%02%01", $"Content-Type: {type}"),
        ];

        Assert.All(answers, answer => Assert.Equal(415, answer.Status));
    }

    [Fact]
    public async Task A_form_of_more_fields_than_any_call_has_is_refused()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        RawResponse answer = await RawHttp.PostAsync(server.Uri, Publish, string.Concat(Enumerable.Repeat("a&", 2_000)));

        Assert.Equal((400, "too many fields\n"), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task A_malformed_chunk_and_a_client_that_resets_its_connection_within_a_body_leave_no_stack_trace()
    {
        await using AcmServerProcess server = await AcmServerProcess.StartAsync();
        foreach (string chunks in (string[])["zz\r\nabc\r\n", "-1\r\n\r\n", "3\r\nabcX\r\n0\r\n\r\n"])
        {
            using RawHttp connection = await RawHttp.ConnectAsync(server.Uri);
            await connection.WriteAsync($"POST {Publish} HTTP/1.1\nTransfer-Encoding: chunked", chunks);
            Assert.Equal(400, (await connection.ReadAsync()).Status);
        }

        for (int i = 0; i < 20; i++)
        {
            using RawHttp connection = await RawHttp.ConnectAsync(server.Uri);
            await connection.WriteAsync($"POST {Publish} HTTP/1.1\nContent-Length: 100000\nExpect: 100-continue");
            Assert.Equal(100, (await connection.ReadAsync()).Status);
            connection.Reset();
        }

        await server.StopAsync();
        Assert.DoesNotContain("   at ", server.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_takes_too_long_is_given_up()
    {
        var clock = new FakeTimeProvider();
        await using RunningServer server = await RunningServer.StartAsync(clock: clock);
        using RawHttp connection = await RawHttp.ConnectAsync(server.Uri);
        await connection.WriteAsync($"POST {Publish} HTTP/1.1\nContent-Length: 100000", new string('a', 50_000));
        await server.WaitForBodiesAsync(held => held > 0);

        clock.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal(408, (await connection.ReadAsync()).Status);
        await server.WaitForBodiesAsync(held => held == 0);
    }

    // A timer or the request of another client ends a body, where an exception that nobody catches would end the server.
    [Fact]
    public async Task A_body_that_was_read_is_not_ended_by_a_late_call_for_which_the_reader_of_its_request_would_throw()
    {
        var pipe = new Pipe();
        var reader = new FailingReader(pipe.Reader);
        using var body = new RequestBody();
        ValueTask<BodyOutcome> reading = body.ReadAsync(Request(reader, TimeProvider.System), limit: 100);
        await pipe.Writer.WriteAsync("content=1"u8.ToArray(), TestContext.Current.CancellationToken);
        await pipe.Writer.CompleteAsync();
        BodyOutcome outcome = await reading;

        reader.Failure = new ObjectDisposedException("HttpRequestStream");
        body.CancelRead();

        Assert.Equal((BodyOutcome.Read, "content=1"), (outcome, Encoding.ASCII.GetString(body.Bytes.Span)));
    }

    [Theory]
    [InlineData(typeof(ConnectionResetException))]
    [InlineData(typeof(ConnectionAbortedException))]
    [InlineData(typeof(TaskCanceledException))]
    public async Task A_slow_body_whose_connection_was_aborted_ends_with_the_connection_and_not_the_server(Type failure)
    {
        var clock = new FakeTimeProvider();
        var pipe = new Pipe();
        using var body = new RequestBody();
        var aborted = (Exception)Activator.CreateInstance(failure, "the client is gone")!;
        ValueTask<BodyOutcome> reading = body.ReadAsync(Request(new FailingReader(pipe.Reader) { Failure = aborted }, clock), limit: 100);

        clock.Advance(BodyBudget.Patience);
        await pipe.Writer.CompleteAsync(aborted);

        Assert.Same(aborted, await Assert.ThrowsAnyAsync<Exception>(async () => await reading));
    }

    [Fact]
    public void Bodies_share_a_budget_and_large_ones_are_two_at_most_and_leave_it_to_the_others()
    {
        var budget = new BodyBudget(2 * BodyBudget.LargeBytes, TimeProvider.System);
        IncomingBody[] bodies = [.. Enumerable.Range(0, 4).Select(_ => budget.Enter(static () => { }))];
        budget.EnterLarge(bodies[0]);
        budget.EnterLarge(bodies[1]);

        BadHttpRequestException thirdLarge = Assert.Throws<BadHttpRequestException>(() => budget.EnterLarge(bodies[2]));
        byte[][] buffers =
        [
            budget.Rent(2 * BodyBudget.LargeBytes, bodies[0]), budget.Rent(4 * BodyBudget.LargeBytes, bodies[1]),
            budget.Rent(BodyBudget.LargeBytes, bodies[2]), budget.Rent(BodyBudget.LargeBytes, bodies[3]),
        ];
        IncomingBody another = budget.Enter(static () => { });
        BadHttpRequestException thirdOther = Assert.Throws<BadHttpRequestException>(() => budget.Rent(BodyBudget.LargeBytes, another));
        for (int i = 0; i < buffers.Length; i++) budget.Return(buffers[i], bodies[i]);

        Assert.Equal((503, 503, 0L), (thirdLarge.StatusCode, thirdOther.StatusCode, budget.Held));
        Assert.Same(buffers[3], budget.Rent(BodyBudget.LargeBytes, another));
    }

    [Fact]
    public void A_small_body_ends_the_largest_that_is_on_its_way_and_a_larger_one_what_is_slow()
    {
        var clock = new FakeTimeProvider();
        var budget = new BodyBudget(2 * BodyBudget.LargeBytes, clock);
        IncomingBody[] bodies = [.. Enumerable.Range(0, 5).Select(_ => budget.Enter(static () => { }))];
        byte[] firsts = budget.Rent(BodyBudget.LargeBytes / 2, bodies[0]);
        budget.Rent(BodyBudget.LargeBytes, bodies[1]);
        budget.Rent(BodyBudget.LargeBytes / 2, bodies[2]);

        budget.Rent(4096, bodies[3]);
        bool[] bySmall = [.. bodies.Select(body => body.IsEnded)];
        budget.Arrive(bodies[0]);
        Assert.Throws<BadHttpRequestException>(() => budget.Rent(BodyBudget.LargeBytes, bodies[4]));
        clock.Advance(BodyBudget.PatienceWhenFull);
        budget.Rent(BodyBudget.LargeBytes, bodies[4]);

        Assert.Equal([false, true, false, false, false], bySmall);
        Assert.Equal([false, true, true, false, false], bodies.Select(body => body.IsEnded));
        budget.Return(firsts, bodies[0]);
        Assert.Equal(4096 + BodyBudget.LargeBytes, budget.Held);
    }

    [Fact]
    public async Task However_many_bodies_never_end_a_publish_finds_room()
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { MaxContentBytes = 1024 * 1024 });
        var connections = new List<RawHttp>();
        long held = 0;

        // Buffers double in size, so the last bodies are sent in smaller steps.
        foreach ((int count, int bytes, int buffer) in new[] { (15, 600_000, 1024 * 1024), (1, 300_000, 512 * 1024), (1, 200_000, 256 * 1024) })
        {
            for (int i = 0; i < count; i++)
            {
                connections.Add(await RawHttp.ConnectAsync(server.Uri));
                await connections[^1].WriteAsync($"POST {Publish} HTTP/1.1\nContent-Length: 1000000", "content=" + new string('a', bytes));
            }

            held += count * buffer;
            await server.WaitForBodiesAsync(now => now == held);
        }

        string content = new('x', 200_000);
        RawResponse published = await server.PublishAsync("a", content);
        RawResponse ended = await await Task.WhenAny(connections.Select(connection => connection.ReadAsync()));
        connections.ForEach(connection => connection.Dispose());

        Assert.Equal((200, 503), (published.Status, ended.Status));
        Assert.Equal(content, (await server.GetAsync("a")).Text);
        await server.WaitForBodiesAsync(now => now == 0);
    }

    [Theory]
    [InlineData("/nacos/v1/cs/configs", 1_500_000)]
    [InlineData("/nacos/v2/cs/config", 1_500_000)]
    [InlineData("/nacos/v1/cs/configs", 60_000_000)]
    [InlineData("/nacos/v1/auth/users/login", 1_500_000)]
    public async Task What_comes_after_too_much_of_a_Nacos_form_is_not_waited_for_and_nothing_of_it_is_held(string path, int announced)
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { NacosGeneration = Acm.Server.Dialects.Nacos.Generation.Two });
        var connections = new List<RawHttp>();
        for (int i = 0; i < 20; i++)
        {
            connections.Add(await RawHttp.ConnectAsync(server.Uri));
            await connections[i].WriteAsync($"POST {path} HTTP/1.1\nContent-Type: application/x-www-form-urlencoded\nContent-Length: {announced}", string.Concat(Enumerable.Repeat("a&", 2_000)));
        }

        foreach (RawHttp connection in connections) Assert.InRange((await connection.ReadAsync()).Status, 400, 503);
        await server.WaitForBodiesAsync(held => held == 0);
        RawResponse published = await RawHttp.PostAsync(server.Uri, "/nacos/v1/cs/configs", "dataId=a&group=G&content=1", "Content-Type: application/x-www-form-urlencoded");
        connections.ForEach(connection => connection.Dispose());

        Assert.Equal((200, "true"), (published.Status, published.Text));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_hundred_bodies_of_sixteen_megabytes_leave_the_server_small_and_serving(bool withKeys)
    {
        if (!OperatingSystem.IsLinux()) return;

        const int Clients = 100;
        const long MostMemory = 200L * 1024 * 1024;
        await using AcmServerProcess server = withKeys
            ? await AcmServerProcess.StartAsync("--access-key", "ak", "--secret-key", "not-used")
            : await AcmServerProcess.StartAsync();
        byte[] body = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("a&", 8 * 1024 * 1024)));
        byte[] probe = Encoding.ASCII.GetBytes("Probe-Modify-Request=" + new string('a', (16 * 1024 * 1024) - 100));

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(i => UploadAsync(server.Uri, i % 2 == 0 ? body : probe)));
        Assert.Null(server.End);
        RawResponse health = await RawHttp.GetAsync(server.Uri, "/health");

        long peak = PeakMemory(server.Id);
        TestContext.Current.SendDiagnosticMessage($"peak {peak / 1024 / 1024} MB");
        Assert.Equal(200, health.Status);
        Assert.InRange(peak, 1, MostMemory);
    }

    private static HttpRequest Request(PipeReader reader, TimeProvider clock)
    {
        var context = new DefaultHttpContext();
        context.Features.Set<IRequestBodyPipeFeature>(new RequestReader(reader));
        context.Features.Set(new BodyBudget(BodyBudget.DefaultLimit, clock));
        return context.Request;
    }

    /// <summary>Sends a body with the headers of a client that knows the access key, until it is sent or the server closes the connection.</summary>
    private static async Task UploadAsync(Uri server, byte[] body)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(server.Host, server.Port);
            string head = $"POST /diamond-server/config.co HTTP/1.1\r\nHost: localhost\r\nSpas-AccessKey: ak\r\n"
                + $"timeStamp: {DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()}\r\nContent-Length: {body.Length}\r\n\r\n";
            await socket.SendAsync(Encoding.ASCII.GetBytes(head));
            await using var stream = new NetworkStream(socket);
            await stream.WriteAsync(body);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // Rejected while it was being sent.
        }
    }

    private static long PeakMemory(int process)
    {
        string line = File.ReadLines($"/proc/{process}/status").First(text => text.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    private sealed record RequestReader(PipeReader Reader) : IRequestBodyPipeFeature;

    /// <summary>Throws when a read is canceled, as Kestrel's reader does after the end of its request or connection (HttpRequestPipeReader.ValidateState, ASP.NET Core 10).</summary>
    private sealed class FailingReader(PipeReader reader) : PipeReader
    {
        public Exception? Failure { get; set; }

        public override void CancelPendingRead()
        {
            if (Failure is not null) throw Failure;
            reader.CancelPendingRead();
        }

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => reader.ReadAsync(cancellationToken);

        public override bool TryRead(out ReadResult result) => reader.TryRead(out result);

        public override void AdvanceTo(SequencePosition consumed) => reader.AdvanceTo(consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => reader.AdvanceTo(consumed, examined);

        public override void Complete(Exception? exception = null) => reader.Complete(exception);
    }
}
