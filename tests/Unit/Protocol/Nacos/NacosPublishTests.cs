using System.Collections.Concurrent;
using System.Text;
using Acm.Client;
using Acm.Client.Protocol.Nacos;
using Acm.Client.Text;
using Acm.Tests.Server;
using Acm.Tests.Support;

namespace Acm.Tests.Protocol.Nacos;

/// <summary>The requests of a publish, the metadata that it keeps, and the result that it reports.</summary>
public sealed class NacosPublishTests
{
    private static readonly ConfigKey Key = new("app.yaml");
    private static readonly AcmCallOptions Stored = new() { WithMetadata = true };

    [Theory]
    [InlineData("3.0.3", false)]
    [InlineData("3.1.0", false)]
    [InlineData("3.1.1", true)]
    [InlineData("3.2.0-BETA", true)]
    [InlineData("4.0.0", true)]
    [InlineData("2.5.1", false)]
    public void A_version_says_whether_metadata_can_be_changed_alone(string version, bool expected) => Assert.Equal(expected, NacosServer.Of(version)!.ChangesMetadata);

    [Fact]
    public async Task Tags_and_description_alone_are_changed_without_a_publish()
    {
        var log = new RecordingLog(AcmLogLevel.Verbose);
        await using RunningServer server = await NacosServers.StartAsync("ThreeTwo");
        using AcmClient client = NacosServers.Connect(server, log: log);
        await client.PublishAsync(Key, "a: 1", new PublishOptions { Tags = "x", Description = "old", AppName = "shop" });
        int before = log.Lines.Count;

        await client.PublishAsync(Key, "a: 1", new PublishOptions { Description = "new" });
        await client.PublishAsync(Key, "a: 1", new PublishOptions { Tags = "" });
        AcmConfig config = await client.GetAsync(Key, Stored);

        Assert.Equal(("a: 1", "new", "shop", "yaml", 0), (config.Content, config.Description, config.AppName, config.Type, config.Tags.Count));
        Assert.Equal(5, log.Lines.Skip(before).Count(line => line.Contains(" answered ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("a: 2", "new", null, "POST")]
    [InlineData("a: 1", "new", null, "PUT")]
    [InlineData("a: 1", "new", "other", "POST")]
    [InlineData("a: 1", "old", null, "POST")]
    public async Task Anything_else_is_published(string content, string description, string? appName, string method)
    {
        await using ScriptedServer server = ScriptedNacos.Start("3.1.1", request => request.Method == "GET" ? Detail("a: 1") : ScriptedNacos.Json(200, """{"code":0,"data":true}"""));
        using AcmClient client = ScriptedNacos.Connect(server);

        await client.PublishAsync(Key, content, new PublishOptions { Description = description, AppName = appName });

        ScriptedRequest sent = server.Requests.Last();
        Assert.Equal(method, sent.Method);
        Assert.Contains("&desc=" + description, sent.Body, StringComparison.Ordinal);
        Assert.Contains("&configTags=x%2Cy", sent.Body, StringComparison.Ordinal);
        Assert.Equal(method == "POST", sent.Body.Contains("&content=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_the_call_is_missing_after_all_it_is_published()
    {
        await using ScriptedServer server = ScriptedNacos.Start("3.1.1", request => request.Method switch
        {
            "GET" => Detail("a: 1"),
            "PUT" => ScriptedReply.Status(404),
            _ => ScriptedNacos.Json(200, """{"code":0,"data":true}"""),
        });
        using AcmClient client = ScriptedNacos.Connect(server);

        await client.PublishAsync(Key, "a: 1", new PublishOptions { Description = "new" });

        Assert.Equal("POST", server.Requests.Last().Method);
    }

    [Theory]
    [InlineData("1.4.8", false)]
    [InlineData("2.2.3", false)]
    [InlineData("2.5.1", true)]
    public async Task A_data_key_that_the_version_drops_is_not_sent_to_it(string version, bool isStored)
    {
        const string CipherText = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY=";
        await using ScriptedServer server = ScriptedNacos.Start(version, request => request.Method == "GET" ? ScriptedReply.Text(200, "text/plain", "") : ScriptedReply.Text(200, "text/plain", "true"));
        using AcmClient client = ScriptedNacos.Connect(server);
        Task publish = client.PublishAsync(new ConfigKey("cipher-kms-aes-128-a"), CipherText, new PublishOptions { IsRaw = true, EncryptedDataKey = "a2V5", AllowPlaintext = true });

        if (isStored) await publish;
        else Assert.Equal(AcmErrorKind.CapabilityMissing, (await Clients.FailsAsync(publish)).Kind);

        Assert.Equal(isStored, server.Requests.Any(request => request.Method == "POST" && request.Body.Contains("encryptedDataKey=a2V5", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("2.5.1")]
    [InlineData("3.0.3")]
    public async Task What_a_server_decrypted_is_not_sent_back_with_its_key(string version)
    {
        var key = new ConfigKey("cipher-aes-a");
        const string StoredMd5 = "c4ca4238a0b923820dcc509a6f75849b";
        await using ScriptedServer server = ScriptedNacos.Start(version, request => request.Method != "GET"
            ? version[0] == '3' ? ScriptedNacos.Json(200, """{"code":0,"data":true}""") : ScriptedReply.Text(200, "text/plain", "true")
            : version[0] == '3'
            ? ScriptedNacos.Json(200, $$$"""{"code":0,"data":{"content":"in clear","md5":"{{{StoredMd5}}}","type":"text","encryptedDataKey":"a2V5"}}""")
            : request.Target.Contains("show=all", StringComparison.Ordinal)
            ? ScriptedNacos.Json(200, $$"""{"content":"in clear","md5":"{{StoredMd5}}","type":"text","encryptedDataKey":"a2V5"}""")
            : ScriptedReply.Raw(200, $"Content-MD5: {StoredMd5}\r\nEncrypted-Data-Key: a2V5", Encoding.UTF8.GetBytes("in clear")));
        using AcmClient client = ScriptedNacos.Connect(server);

        AcmConfig stored = await client.GetAsync(key, Stored);
        AcmConfig served = await client.GetAsync(key);
        await client.PublishAsync(key, stored.Content, new PublishOptions { AllowPlaintext = true, IfMatch = null });

        Assert.Equal(("in clear", StoredMd5, null, null), (stored.Content, stored.Md5, stored.EncryptedDataKey, stored.Warning));
        Assert.Equal(StoredMd5, stored.Md5);
        Assert.Null(served.EncryptedDataKey);
        Assert.DoesNotContain("encryptedDataKey", server.Requests.Last(request => request.Method == "POST").Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cipher_text_that_passed_through_keeps_its_key()
    {
        await using ScriptedServer server = ScriptedNacos.Start("2.5.1", _ => ScriptedNacos.Json(200, $$"""{"content":"eA==","md5":"{{Md5Hex.Of("eA=="u8.ToArray())}}","encryptedDataKey":"a2V5"}"""));
        using AcmClient client = ScriptedNacos.Connect(server);

        AcmConfig config = await client.GetAsync(new ConfigKey("cipher-aes-a"), Stored);

        Assert.Equal("a2V5", config.EncryptedDataKey);
    }

    [Theory]
    [InlineData("2.5.1")]
    [InlineData("3.0.3")]
    public async Task A_checksum_of_another_moment_is_read_again_before_it_is_an_error(string version)
    {
        int reads = 0;
        await using ScriptedServer server = ScriptedNacos.Start(version, _ =>
        {
            string md5 = Interlocked.Increment(ref reads) == 1 ? "d41d8cd98f00b204e9800998ecf8427e" : Md5Hex.Of("a: 1"u8.ToArray());
            return version[0] == '3'
                ? ScriptedNacos.Json(200, $$$"""{"code":0,"data":{"content":"a: 1","md5":"{{{md5}}}","contentType":"yaml"}}""")
                : ScriptedReply.Raw(200, $"Content-MD5: {md5}", "a: 1"u8.ToArray());
        });
        using AcmClient client = ScriptedNacos.Connect(server, clock: new PauselessClock());

        Assert.Equal("a: 1", (await client.GetAsync(Key)).Content);
        Assert.Equal(2, reads);
    }

    [Fact]
    public async Task A_user_who_sees_only_what_is_served_reads_what_he_wrote()
    {
        // Reads lag behind writes.
        var served = new ConcurrentQueue<string>(["old", "old", "old", "old"]);
        await using ScriptedServer server = ScriptedNacos.Start("3.0.3", request =>
        {
            if (request.Method == "POST") return request.Target.StartsWith("/nacos/v1", StringComparison.Ordinal) ? ScriptedReply.Text(200, "text/plain", "true") : Denied();
            if (!request.Target.StartsWith("/nacos/v3/client", StringComparison.Ordinal)) return Denied();

            string content = served.TryDequeue(out string? old) ? old : "new";
            return ScriptedNacos.Json(200, $$$"""{"code":0,"data":{"content":"{{{content}}}","md5":"{{{Md5Hex.Of(Encoding.UTF8.GetBytes(content))}}}","contentType":"yaml"}}""");
        });
        using AcmClient client = ScriptedNacos.Connect(server, clock: new PauselessClock());

        await client.PublishAsync(Key, "new");

        Assert.Equal("new", (await client.GetAsync(Key)).Content);
    }

    [Fact]
    public async Task A_lost_answer_to_a_user_who_sees_only_what_is_served_is_waited_for()
    {
        var served = new ConcurrentQueue<string>(["old", "old", "old"]);
        await using ScriptedServer server = ScriptedNacos.Start("3.0.3", request =>
            IsOldPublish(request) ? ScriptedReply.Reset : IsServedRead(request) ? Served(served.TryDequeue(out string? old) ? old : "new") : Denied());
        using AcmClient client = ScriptedNacos.Connect(server, clock: new PauselessClock());

        PublishResult result = await Clients.InTime(client.PublishAsync(Key, "new"));

        Assert.True(result.ConfirmedByReading);
        Assert.Single(server.Requests, IsOldPublish);
    }

    [Fact]
    public async Task A_user_who_sees_only_what_is_served_waits_out_an_election()
    {
        int publishes = 0;
        await using ScriptedServer server = ScriptedNacos.Start("3.0.3", request =>
            !IsOldPublish(request) ? IsServedRead(request) ? Served("old") : Denied()
            : Interlocked.Increment(ref publishes) < 4 ? ScriptedReply.Text(500, "text/plain", "caused: com.alibaba.nacos.consistency.exception.ConsistencyException: no leader;")
            : ScriptedReply.Text(200, "text/plain", "true"));
        using AcmClient client = ScriptedNacos.Connect(server, clock: new PauselessClock { LongestPause = TimeSpan.FromSeconds(3) });

        await Clients.InTime(client.PublishAsync(Key, "new"));

        Assert.Equal(4, publishes);
    }

    [Fact]
    public async Task A_conditional_write_is_not_repeated_unseen()
    {
        int publishes = 0;
        await using ScriptedServer server = ScriptedNacos.Start("3.0.3", request =>
        {
            if (!IsOldPublish(request)) return IsServedRead(request) ? Served("old") : Denied();

            publishes++;
            return ScriptedReply.Text(500, "text/plain", "caused: com.alibaba.nacos.consistency.exception.ConsistencyException: no leader;");
        });
        using AcmClient client = ScriptedNacos.Connect(server, clock: new PauselessClock { LongestPause = TimeSpan.FromSeconds(3) });

        AcmException error = await Clients.FailsAsync(client.PublishAsync(Key, "new", new PublishOptions { IfMatch = Md5Hex.Of("old"u8.ToArray()) }));

        Assert.True(error.OutcomeUnknown);
        Assert.Equal(1, publishes);
    }

    [Theory]
    [MemberData(nameof(NacosClientTests.Generations), MemberType = typeof(NacosClientTests))]
    public async Task A_publish_returns_what_stayed_as_well(string generation)
    {
        await using RunningServer server = await NacosServers.StartAsync(generation);
        using AcmClient client = NacosServers.Connect(server);
        await client.PublishAsync(Key, "a: 1", new PublishOptions { Tags = "x", Description = "what it is for", AppName = "shop" });

        AcmConfig config = (await client.PublishAsync(Key, "a: 2", new PublishOptions { Tags = "y" })).Config;

        Assert.Equal(("a: 2", "yaml", "y", "what it is for", "shop"), (config.Content, config.Type, Assert.Single(config.Tags), config.Description, config.AppName));
    }

    [Fact]
    public async Task A_write_that_does_not_show_is_not_called_done()
    {
        // The server returns "true" without storing anything.
        await using ScriptedServer server = ScriptedNacos.Start("2.5.1", request => request.Method == "GET"
            ? ScriptedNacos.Json(200, $$"""{"content":"old","md5":"{{Md5Hex.Of("old"u8.ToArray())}}"}""")
            : ScriptedReply.Text(200, "text/plain", "true"));
        using AcmClient client = ScriptedNacos.Connect(server, clock: new PauselessClock());

        AcmException error = await Clients.FailsAsync(client.PublishAsync(Key, "new", new PublishOptions { IfMatch = Md5Hex.Of("old"u8.ToArray()) }));

        Assert.True(error.OutcomeUnknown);
        Assert.Contains("does not show", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3.0.3", 500, """{"code":20005,"message":"resource conflict","data":"Cas publish fail, server md5 may have changed."}""")]
    [InlineData("3.2.0", 500, """{"code":20005,"message":"resource conflict","data":"Cas publish fail, server md5 may have changed."}""")]
    public async Task A_refused_condition_is_told_by_what_is_stored(string version, int status, string body)
    {
        string now = "old";
        await using ScriptedServer server = ScriptedNacos.Start(version, request =>
        {
            if (request.Method == "GET") return version[0] == '3' ? Detail(now) : ScriptedNacos.Json(200, $$"""{"content":"{{now}}","md5":"{{Md5Hex.Of(Encoding.UTF8.GetBytes(now))}}"}""");

            now = "of another";
            return ScriptedReply.Text(status, "application/json", body);
        });
        using AcmClient client = ScriptedNacos.Connect(server, clock: new PauselessClock());

        AcmException error = await Clients.FailsAsync(client.PublishAsync(Key, "new", new PublishOptions { IfMatch = Md5Hex.Of("old"u8.ToArray()) }));

        Assert.Equal(AcmErrorKind.Conflict, error.Kind);
    }

    [Fact]
    public async Task A_refusal_although_the_condition_holds_is_no_conflict()
    {
        await using ScriptedServer server = ScriptedNacos.Start("2.5.1", request => request.Method == "GET"
            ? ScriptedNacos.Json(200, $$"""{"content":"old","md5":"{{Md5Hex.Of("old"u8.ToArray())}}"}""")
            : ScriptedReply.Text(500, "text/plain", "caused: Cas publish fail, server md5 may have changed.;"));
        using AcmClient client = ScriptedNacos.Connect(server, clock: new PauselessClock());

        AcmException error = await Clients.FailsAsync(client.PublishAsync(Key, "new", new PublishOptions { IfMatch = Md5Hex.Of("old"u8.ToArray()) }));

        Assert.Equal(AcmErrorKind.ServerUnavailable, error.Kind);
        Assert.Contains("although the condition was met", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_whose_database_is_down_still_serves()
    {
        await using ScriptedServer server = ScriptedNacos.Start("2.5.1", request => request.Target.Contains("show=all", StringComparison.Ordinal)
            ? ScriptedReply.Text(500, "text/plain", "caused: Could not open JDBC connection;")
            : ScriptedReply.Raw(200, $"Content-MD5: {Md5Hex.Of("a: 1"u8.ToArray())}\r\nConfig-Type: yaml", "a: 1"u8.ToArray()));
        using AcmClient client = ScriptedNacos.Connect(server);

        AcmConfig config = await client.GetAsync(Key, Stored);

        Assert.Equal(("a: 1", "yaml"), (config.Content, config.Type));
    }

    [Fact]
    public async Task A_server_whose_database_hangs_still_serves()
    {
        await using ScriptedServer server = ScriptedNacos.Start("2.5.1", request => IsDetail(request)
            ? ScriptedReply.Hang
            : ScriptedReply.Raw(200, $"Content-MD5: {Md5Hex.Of("a: 1"u8.ToArray())}\r\nConfig-Type: yaml", "a: 1"u8.ToArray()));

        // The second that the detail has passes at once.
        using AcmClient client = ScriptedNacos.Connect(server, clock: new PauselessClock { LongestPause = TimeSpan.FromSeconds(1.5) });

        AcmConfig first = await Clients.InTime(client.GetAsync(Key, Stored));
        AcmConfig second = await Clients.InTime(client.GetAsync(Key, Stored));

        Assert.Equal(("a: 1", "a: 1"), (first.Content, second.Content));
        Assert.InRange(server.Requests.Count(IsDetail), 0, 1);
    }

    [Theory]
    [MemberData(nameof(NacosClientTests.Generations), MemberType = typeof(NacosClientTests))]
    public async Task A_configuration_tells_what_is_stored_beside_it_and_who_changed_it(string generation)
    {
        await using RunningServer server = await NacosServers.StartAsync(generation, "ops=admin");
        using AcmClient client = NacosServers.Connect(server, "ops");
        await client.PublishAsync(Key, "a: 1", new PublishOptions { Tags = "x,y", Description = "what it is for", AppName = "shop" });

        AcmConfig config = await NacosServers.Connect(server, "ops").GetAsync(Key, Stored);

        Assert.Equal(("yaml", "x,y", "what it is for", "shop", "127.0.0.1"), (config.Type, string.Join(",", config.Tags.Order(StringComparer.Ordinal)), config.Description, config.AppName, config.ModifiedFrom));
        Assert.InRange(config.LastModified!.Value, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(5));
        if (generation is "Two" or "ThreeTwo") Assert.Equal("ops", config.ModifiedBy);
    }

    private static bool IsOldPublish(ScriptedRequest request) => request.Method == "POST" && request.Target.StartsWith("/nacos/v1", StringComparison.Ordinal);

    private static bool IsServedRead(ScriptedRequest request) => request.Target.StartsWith("/nacos/v3/client", StringComparison.Ordinal);

    private static bool IsDetail(ScriptedRequest request) => request.Target.Contains("show=all", StringComparison.Ordinal);

    private static ScriptedReply Served(string content) => ScriptedNacos.Json(200, $$$"""{"code":0,"data":{"content":"{{{content}}}","md5":"{{{Md5Hex.Of(Encoding.UTF8.GetBytes(content))}}}","contentType":"yaml"}}""");

    private static ScriptedReply Denied() => ScriptedNacos.Json(403, """{"code":10001,"message":"access denied"}""");

    private static ScriptedReply Detail(string content) => ScriptedNacos.Json(
        200, $$$"""{"code":0,"data":{"content":"{{{content}}}","md5":"{{{Md5Hex.Of(Encoding.UTF8.GetBytes(content))}}}","type":"yaml","desc":"old","configTags":"x,y","appName":"shop"}}""");
}
