using System.Globalization;
using System.Text;
using Acm.Client;
using Acm.Tests.Servers;
using Acm.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.Reading;

/// <summary>Reads of several keys at once, with scripted responses.</summary>
public sealed class BatchGetTests
{
    private const string Sample =
        """[{"dataId":"a.yml","group":"DEFAULT_GROUP","content":"1","status":1,"message":"config exits"},{"dataId":"b.yml","group":"DEFAULT_GROUP","content":null,"status":2,"message":"config not exits"}]""";

    private static readonly ConfigKey A = new("a.yml");
    private static readonly ConfigKey B = new("b.yml");

    public static TheoryData<string> NoBatch => ["400", "403", "404", "405", "429", "500", "503", "page", "object", "text", "charset"];

    [Fact]
    public async Task The_exchange_is_the_one_of_the_protocol_reference_byte_for_byte()
    {
        await using var server = ScriptedServer.Always(Json(Sample));
        var clock = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1700000000123));
        using AcmClient client = Clients.With(Clients.Options(server) with { Credential = Clients.Credential }, clock);

        IReadOnlyList<ConfigResult> results = await Clients.InTime(client.GetManyAsync([A, B]));

        ScriptedRequest request = Assert.Single(server.Requests);
        Assert.Equal("POST", request.Method);
        Assert.Equal("/diamond-server/config.co?method=batchGetConfig", request.Target);
        Assert.Equal("dataIds=a.yml%02b.yml&group=DEFAULT_GROUP&tenant=ns-0001", request.Body);
        Assert.Equal("56", request.Headers["Content-Length"]);
        Assert.Equal("true", request.Headers["exConfigInfo"]);
        Assert.Equal("S7P36cEmOFUPMM2uGkxBpgqO4qI=", request.Headers["Spas-Signature"]);
        Assert.Equal("1", results[0].Config!.Content);
        Assert.Equal("c4ca4238a0b923820dcc509a6f75849b", results[0].Config!.Md5);
        Assert.Equal(AcmErrorKind.ConfigNotFound, results[1].Error!.Kind);
        Assert.Equal(B, results[1].Error!.Key);
        Assert.True(client.Capabilities.BatchGet);
    }

    [Fact]
    public async Task A_412_carries_the_array_as_well_and_its_failed_item_is_read_singly()
    {
        await using var server = new ScriptedServer(request => request.IsBatch
            ? Json("""[{"dataId":"a.yml","content":"1","status":1},{"dataId":"b.yml","content":null,"status":-1,"message":"get config dump error"}]""", 412)
            : ScriptedReply.Content("2"));
        using AcmClient client = Clients.For(server);

        IReadOnlyList<ConfigResult> results = await Clients.InTime(client.GetManyAsync([A, B]));

        Assert.Equal(["1", "2"], results.Select(result => result.Config!.Content));
        Assert.Contains("dataId=b.yml", Assert.Single(server.Requests, request => request.IsGet).Target, StringComparison.Ordinal);
        Assert.True(client.Capabilities.BatchGet);
    }

    [Fact]
    public async Task An_error_of_a_batch_names_the_configuration_that_it_is_about()
    {
        using AcmClient client = Clients.With(Clients.Options() with { Endpoint = $"127.0.0.1:{ScriptedServer.UnusedPort()}" }, new PauselessClock());

        IReadOnlyList<ConfigResult> results = await Clients.InTime(client.GetManyAsync([A, B]));

        Assert.Contains("'DEFAULT_GROUP/a.yml'", results[0].Error!.Message, StringComparison.Ordinal);
        Assert.Contains("'DEFAULT_GROUP/b.yml'", results[1].Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_are_in_the_order_of_the_keys_whatever_the_order_of_the_answer()
    {
        await using var server = ScriptedServer.Always(Json("""[{"dataId":"b.yml","content":"2","status":1},{"dataId":"a.yml","content":"1","status":1}]"""));
        using AcmClient client = Clients.For(server);

        IReadOnlyList<ConfigResult> results = await Clients.InTime(client.GetManyAsync([A, B, A]));

        Assert.Equal(["1", "2", "1"], results.Select(result => result.Config!.Content));
        Assert.Equal([A, B, A], results.Select(result => result.Key));
    }

    [Theory]
    [InlineData("""[{"dataId":"a.yml","content":"1","status":1}]""", "left out")]
    [InlineData("""[{"dataId":"a.yml","content":"1","status":1},{"dataId":"b.yml","content":"2","status":1,"md5":"00000000000000000000000000000000"}]""", "another MD5")]
    [InlineData("""[{"dataId":"a.yml","content":"1","status":1},{"dataId":"b.yml","content":"\ud83d\ude00","status":1}]""", "a character outside GBK")]
    [InlineData("""[{"dataId":"a.yml","content":"1","status":1},{"dataId":"b.yml","content":"\ud800","status":1}]""", "half a character")]
    [InlineData("""[{"dataId":"a.yml","content":"1","status":1},{"dataId":"b.yml","content":7,"status":1}]""", "no text")]
    [InlineData("""[{"dataId":"a.yml","content":"1","status":1},{"dataId":"b.yml","content":"2","status":"?"}]""", "an unknown status")]
    [InlineData("""[{"dataId":"a.yml","content":"1","status":1},null,"b.yml"]""", "no objects")]
    public async Task What_an_answer_does_not_tell_for_certain_is_read_singly(string answer, string case_)
    {
        await using var server = new ScriptedServer(request => request.IsBatch ? Json(answer) : ScriptedReply.Content("single"));
        using AcmClient client = Clients.For(server);

        IReadOnlyList<ConfigResult> results = await Clients.InTime(client.GetManyAsync([A, B]));

        Assert.True(results[1].Config?.Content == "single", case_);
        Assert.Equal("1", results[0].Config!.Content);
        Assert.Single(server.Requests, request => request.IsGet);
    }

    [Theory]
    [MemberData(nameof(NoBatch))]
    public async Task A_server_without_batch_get_is_asked_once_singly_from_then_on_and_keeps_its_standing(string answer)
    {
        await using var server = new ScriptedServer(request => request.IsBatch ? NoBatchReply(answer) : ScriptedReply.Content("v"));
        await using var other = ScriptedServer.Always(ScriptedReply.Content("v"));
        using AcmClient client = Clients.For(server, other);

        IReadOnlyList<ConfigResult> first = await Clients.InTime(client.GetManyAsync([A, B]));
        IReadOnlyList<ConfigResult> second = await Clients.InTime(client.GetManyAsync([A, B]));

        Assert.All(first.Concat(second), result => Assert.Equal("v", result.Config?.Content));
        Assert.Single(server.Requests, request => request.IsBatch);
        Assert.Equal(5, server.Requests.Count);
        Assert.Empty(other.Requests);
        Assert.Equal(server.Address, client.KnownServers[0]);
        Assert.False(client.Capabilities.BatchGet);
    }

    [Fact]
    public async Task Chinese_text_comes_in_the_declared_charset_with_its_bytes_and_md5()
    {
        byte[] json = [.. Encoding.ASCII.GetBytes("""[{"dataId":"a.yml","md5":"bcce109775e8e1972e9f5fcda3e12895","lastModifiedTs":1700000000000,"status":1,"content":" """.TrimEnd()), 0xd6, 0xd0, 0xce, 0xc4, .. "\"},{\"dataId\":\"b.yml\",\"content\":\"\\u4e2d\\u6587\",\"status\":1}]"u8];
        await using var server = ScriptedServer.Always(ScriptedReply.Raw(200, "Content-Type: text/html;charset=GBK", json));
        using AcmClient client = Clients.For(server);

        IReadOnlyList<ConfigResult> results = await Clients.InTime(client.GetManyAsync([A, B]));

        Assert.All(results, result =>
        {
            Assert.Equal("中文", result.Config!.Content);
            Assert.Equal([0xd6, 0xd0, 0xce, 0xc4], result.Config.RawBytes.ToArray());
            Assert.Equal("bcce109775e8e1972e9f5fcda3e12895", result.Config.Md5);
        });
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1700000000000), results[0].Config!.LastModified);
    }

    [Fact]
    public async Task F5_many_keys_go_in_batches_of_a_hundred()
    {
        await using var server = new ScriptedServer(Echo);
        using AcmClient client = Clients.For(server);
        ConfigKey[] keys = [.. Enumerable.Range(0, 250).Select(i => new ConfigKey("k" + i.ToString(CultureInfo.InvariantCulture)))];

        IReadOnlyList<ConfigResult> results = await Clients.InTime(client.GetManyAsync(keys));

        Assert.Equal(keys.Select(key => "DEFAULT_GROUP/" + key.DataId), results.Select(result => result.Config!.Content));
        Assert.Equal([50, 100, 100], server.Requests.Select(request => Ids(request).Length).Order());
    }

    [Fact]
    public async Task Groups_are_asked_for_apart()
    {
        await using var server = new ScriptedServer(Echo);
        using AcmClient client = Clients.For(server);
        ConfigKey[] keys = [new("a", "G1"), new("a", "G2"), new("b", "G1"), new("b", "G2")];

        IReadOnlyList<ConfigResult> results = await Clients.InTime(client.GetManyAsync(keys));

        Assert.Equal(["G1/a", "G2/a", "G1/b", "G2/b"], results.Select(result => result.Config!.Content));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_key_that_is_not_valid_is_an_error_of_its_own_and_not_sent()
    {
        await using var server = new ScriptedServer(Echo);
        using AcmClient client = Clients.For(server);

        IReadOnlyList<ConfigResult> results = await Clients.InTime(client.GetManyAsync([A, new ConfigKey("../x"), B]));

        Assert.Equal(AcmErrorKind.InvalidKey, results[1].Error!.Kind);
        Assert.Equal("DEFAULT_GROUP/a.yml", results[0].Config!.Content);
        Assert.Equal("DEFAULT_GROUP/b.yml", results[2].Config!.Content);
        Assert.Equal(["a.yml", "b.yml"], Ids(Assert.Single(server.Requests)));
    }

    [Fact]
    public async Task A_lone_key_is_read_singly()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Content("v"));
        using AcmClient client = Clients.For(server);

        IReadOnlyList<ConfigResult> results = await Clients.InTime(client.GetManyAsync([A, new ConfigKey("a.yml", "OTHER")]));

        Assert.All(results, result => Assert.Equal("v", result.Config!.Content));
        Assert.All(server.Requests, request => Assert.True(request.IsGet));
        Assert.Null(client.Capabilities.BatchGet);
    }

    [Fact]
    public async Task No_keys_ask_nothing()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Content("v"));
        using AcmClient client = Clients.For(server);

        IReadOnlyList<ConfigResult> results = await Clients.InTime(client.GetManyAsync([]));

        Assert.Empty(results);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task With_every_server_down_each_key_has_an_error_of_its_own()
    {
        AcmClientOptions options = Clients.Options() with { Endpoint = $"127.0.0.1:{ScriptedServer.UnusedPort()}" };
        using AcmClient client = Clients.With(options, new PauselessClock());

        IReadOnlyList<ConfigResult> results = await Clients.InTime(client.GetManyAsync([A, B, new ConfigKey("c.yml", "OTHER")]));

        Assert.All(results, result =>
        {
            Assert.Equal(AcmErrorKind.ServerUnavailable, result.Error!.Kind);
            Assert.Equal(result.Key, result.Error.Key);
        });
    }

    [Fact]
    public async Task A_batch_that_fails_on_one_server_is_asked_of_the_next()
    {
        await using var bad = ScriptedServer.Always(ScriptedReply.Reset);
        await using var good = ScriptedServer.Always(Json(Sample));
        using AcmClient client = Clients.With(Clients.Options(bad, good), new PauselessClock());

        IReadOnlyList<ConfigResult> results = await Clients.InTime(client.GetManyAsync([A, B]));

        Assert.Equal(good.Address, results[0].Config!.Server);
        Assert.Single(good.Requests);
    }

    [Theory]
    [InlineData("500")]
    [InlineData("503")]
    [InlineData("reset")]
    [InlineData("half")]
    public async Task A_key_that_breaks_every_batch_it_is_in_fails_alone_and_the_others_go_on_in_batches(string fault)
    {
        await using var server = new ScriptedServer(request =>
            request.IsBatch ? (Ids(request).Contains("bad") ? RotationTests.Fault(fault) : Echo(request))
            : request.Target.Contains("dataId=bad&", StringComparison.Ordinal) ? RotationTests.Fault(fault) : ScriptedReply.Content("single"));
        using AcmClient client = Clients.With(Clients.Options(server), new PauselessClock());
        ConfigKey[] good = [.. Enumerable.Range(0, 99).Select(i => new ConfigKey("k" + i.ToString(CultureInfo.InvariantCulture)))];
        await Clients.InTime(client.GetManyAsync(good));

        IReadOnlyList<ConfigResult> results = await Clients.InTime(client.GetManyAsync([.. good, new ConfigKey("bad")]));
        IReadOnlyList<ConfigResult> after = await Clients.InTime(client.GetManyAsync(good));

        Assert.All(results.Take(99), result => Assert.Equal("single", result.Config!.Content));
        Assert.NotNull(results[99].Error);
        Assert.All(after, result => Assert.Equal("DEFAULT_GROUP/" + result.Key.DataId, result.Config!.Content));
        Assert.Equal(99, server.Requests.Count(request => request.IsGet && !request.Target.Contains("dataId=bad&", StringComparison.Ordinal)));
        Assert.True(client.Capabilities.BatchGet);
    }

    [Fact]
    public async Task A_server_that_breaks_down_over_everything_is_not_asked_for_every_key_of_a_batch()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Reset);
        using AcmClient client = Clients.With(Clients.Options(server), new PauselessClock());
        ConfigKey[] keys = [.. Enumerable.Range(0, 100).Select(i => new ConfigKey("k" + i.ToString(CultureInfo.InvariantCulture)))];

        IReadOnlyList<ConfigResult> results = await Clients.InTime(client.GetManyAsync(keys, parallelism: 2));

        Assert.All(results, result =>
        {
            Assert.Equal(AcmErrorKind.ServerUnavailable, result.Error!.Kind);
            Assert.Equal(result.Key, result.Error.Key);
        });

        // Three tries each: of the batch, and of the keys that were in progress when the fourth one failed.
        Assert.InRange(server.Requests.Count, 15, 18);
    }

    [Fact]
    public async Task One_denied_key_does_not_stop_the_others()
    {
        await using var server = new ScriptedServer(request =>
            request.IsBatch ? ScriptedReply.Status(404) : request.Target.Contains("a.yml", StringComparison.Ordinal) ? ScriptedReply.Status(403) : ScriptedReply.Content("v"));
        using AcmClient client = Clients.For(server);

        IReadOnlyList<ConfigResult> results = await Clients.InTime(client.GetManyAsync([A, B]));

        Assert.Equal(AcmErrorKind.AccessDenied, results[0].Error!.Kind);
        Assert.Equal("v", results[1].Config!.Content);
    }

    [Fact]
    public async Task A_parallelism_of_one_reads_strictly_one_by_one()
    {
        await using var server = new ScriptedServer(request => request.IsBatch ? ScriptedReply.Status(404) : ScriptedReply.Content("v"));
        using AcmClient client = Clients.For(server);
        ConfigKey[] keys = [.. Enumerable.Range(0, 20).Select(i => new ConfigKey("k" + i.ToString(CultureInfo.InvariantCulture)))];

        await Clients.InTime(client.GetManyAsync(keys, parallelism: 1));

        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task A_cancelled_call_is_cancelled_as_a_whole()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Hang);
        using AcmClient client = Clients.For(server);
        using var cancel = new CancellationTokenSource();
        Task<IReadOnlyList<ConfigResult>> get = client.GetManyAsync([A, B], cancellationToken: cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => get.WaitAsync(Clients.Deadline, TestContext.Current.CancellationToken));
    }

    private static ScriptedReply Json(string json, int status = 200) => ScriptedReply.Text(status, "text/html;charset=GBK", json);

    private static ScriptedReply NoBatchReply(string name) => name switch
    {
        "page" => ScriptedReply.Text(200, "text/html", "<html>Sign in</html>"),
        "object" => Json("{\"code\":200}"),
        "text" => Json("OK\n"),
        "charset" => ScriptedReply.Raw(200, "Content-Type: text/html;charset=GBK", [(byte)'[', 0xff, (byte)']']),
        _ => RotationTests.Fault(name),
    };

    /// <summary>Returns the data ID as the content of each key.</summary>
    private static ScriptedReply Echo(ScriptedRequest request)
    {
        string group = request.Body.Split('&').Single(field => field.StartsWith("group=", StringComparison.Ordinal))["group=".Length..];
        IEnumerable<string> items = Ids(request).Select(id => $$"""{"dataId":"{{id}}","group":"{{group}}","content":"{{group}}/{{id}}","status":1}""");
        return Json("[" + string.Join(",", items) + "]");
    }

    private static string[] Ids(ScriptedRequest request) => request.Body.Split('&')[0]["dataIds=".Length..].Split("%02");
}
