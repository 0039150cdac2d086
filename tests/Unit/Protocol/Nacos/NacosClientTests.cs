using Acm.Client;
using Acm.Client.Text;
using Acm.Tests.Server;
using Acm.Tests.Support;

namespace Acm.Tests.Protocol.Nacos;

/// <summary>The engine against each generation, over sockets.</summary>
public sealed class NacosClientTests
{
    private static readonly ConfigKey Key = new("app.yaml");

    // Transfers need the stored values.
    private static readonly AcmCallOptions Stored = new() { NoFailover = true };

    public static TheoryData<string> Generations => NacosServers.Generations;

    [Theory]
    [MemberData(nameof(Generations))]
    public async Task What_is_published_is_read_listed_and_removed_in_its_namespace_alone(string generation)
    {
        const string Content = "a: 1\nb: 中文 & x=y+z% 😀\r\n";
        await using RunningServer server = await NacosServers.StartAsync(generation);
        using AcmClient client = NacosServers.Connect(server);
        AcmClient dev = client.ForNamespace("dev-ns");

        await client.PublishAsync(Key, Content);
        await dev.PublishAsync(Key, "of dev");
        AcmConfig read = await NewClient(server).GetAsync(Key);
        AcmConfig own = await dev.GetAsync(Key);
        string[] listed = [.. (await client.ListPageAsync(1, 10)).Items.Select(item => item.ToString())];
        await client.RemoveAsync(Key);
        AcmException gone = await Clients.FailsAsync(NewClient(server).GetAsync(Key));
        AcmConfig left = await NewClient(server).ForNamespace("dev-ns").GetAsync(Key);

        Assert.Equal((Content, Md5Hex.Of(System.Text.Encoding.UTF8.GetBytes(Content)), "utf-8", ConfigSource.Server), (read.Content, read.Md5, read.Charset, read.Source));
        Assert.Equal(["DEFAULT_GROUP/app.yaml"], listed);
        Assert.Equal(AcmErrorKind.ConfigNotFound, gone.Kind);
        Assert.Equal(("of dev", "of dev"), (own.Content, left.Content));
    }

    [Theory]
    [MemberData(nameof(Generations))]
    public async Task Public_is_the_blank_namespace(string generation)
    {
        await using RunningServer server = await NacosServers.StartAsync(generation);
        using AcmClient client = NacosServers.Connect(server);

        await client.ForNamespace("public").PublishAsync(Key, "1");

        Assert.Equal("1", (await client.GetAsync(Key)).Content);
        Assert.Equal("", client.ForNamespace("public").Namespace);
    }

    [Theory]
    [MemberData(nameof(Generations))]
    public async Task What_is_not_given_stays_and_a_new_one_has_the_type_of_its_ending(string generation)
    {
        await using RunningServer server = await NacosServers.StartAsync(generation);
        using AcmClient client = NacosServers.Connect(server);

        await client.PublishAsync(Key, "a: 1");
        string? type = (await client.GetAsync(Key, Stored)).Metadata.Type;
        await client.PublishAsync(Key, "<a/>", new PublishOptions { Type = "xml", Tags = "x,y", Description = "what it is for", AppName = "shop" });
        await client.PublishAsync(Key, "<b/>");
        ConfigMetadata kept = (await client.GetAsync(Key, Stored)).Metadata;
        await client.PublishAsync(Key, "<b/>", new PublishOptions { Tags = "" });
        ConfigMetadata untagged = (await client.GetAsync(Key, Stored)).Metadata;

        Assert.Equal("yaml", type);
        Assert.Equal(("xml", "x,y", "what it is for", "shop"), (kept.Type, kept.Tags, kept.Description, kept.AppName));
        Assert.Equal(("xml", null, "what it is for"), (untagged.Type, untagged.Tags, untagged.Description));
    }

    [Theory]
    [MemberData(nameof(Generations))]
    public async Task A_condition_that_does_not_hold_leaves_everything_as_it_is(string generation)
    {
        var log = new RecordingLog(AcmLogLevel.Debug);
        await using RunningServer server = await NacosServers.StartAsync(generation);
        using AcmClient client = NacosServers.Connect(server, log: log);
        string md5 = (await client.PublishAsync(Key, "1")).Config.Md5;

        AcmException exists = await Clients.FailsAsync(client.PublishAsync(Key, "2", new PublishOptions { CreateOnly = true }));
        AcmException other = await Clients.FailsAsync(client.PublishAsync(Key, "2", new PublishOptions { IfMatch = "d41d8cd98f00b204e9800998ecf8427e" }));
        AcmException absent = await Clients.FailsAsync(client.PublishAsync(new ConfigKey("absent"), "2", new PublishOptions { IfMatch = md5 }));
        AcmException removal = await Clients.FailsAsync(client.RemoveAsync(Key, "d41d8cd98f00b204e9800998ecf8427e", call: null, CancellationToken.None));
        string before = (await client.GetAsync(Key, Stored)).Content;
        await client.PublishAsync(Key, "3", new PublishOptions { IfMatch = md5.ToUpperInvariant() });

        Assert.Equal((AcmErrorKind.ConfigExists, AcmErrorKind.Conflict, AcmErrorKind.Conflict, AcmErrorKind.Conflict), (exists.Kind, other.Kind, absent.Kind, removal.Kind));
        Assert.Equal("1", before);
        Assert.Equal("3", (await client.GetAsync(Key, Stored)).Content);

        // Nacos 1 ignores the condition and overwrites the value, which must be an error.
        Assert.Equal(generation == "One", log.Lines.Any(line => line.Contains("does not support compare-and-swap", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Generations))]
    public async Task Keys_whose_value_is_another_one_are_found_whether_they_are_few_or_many(string generation)
    {
        await using RunningServer server = await NacosServers.StartAsync(generation);
        using AcmClient client = NacosServers.Connect(server);
        var known = new List<KeyValuePair<ConfigKey, string?>>();
        for (int i = 0; i < 20; i++)
        {
            var key = new ConfigKey($"k{i:00}", "G");
            known.Add(new(key, (await client.PublishAsync(key, $"v{i}")).Config.Md5));
        }

        known[3] = new(known[3].Key, known[4].Value);
        known[5] = new(known[5].Key, null);
        known.Add(new(new ConfigKey("gone", "G"), known[0].Value));
        known.Add(new(new ConfigKey("never", "G"), null));
        using AcmClient other = NacosServers.Connect(server);

        IReadOnlyList<ConfigKey> many = await other.FindDifferencesAsync(known);
        IReadOnlyList<ConfigKey> few = await other.FindDifferencesAsync([.. known.Take(6)]);

        Assert.Equal(["G/k03", "G/k05", "G/gone"], many.Select(key => key.ToString()));
        Assert.Equal(["G/k03", "G/k05"], few.Select(key => key.ToString()));
    }

    [Theory]
    [InlineData("One")]
    [InlineData("Two")]
    [InlineData("Three")]
    [InlineData("ThreeTwo")]
    public async Task A_watcher_is_told_of_a_change_and_a_removal(string generation)
    {
        await using RunningServer server = await NacosServers.StartAsync(generation);
        using AcmClient client = NacosServers.Connect(server);
        AcmClient dev = client.ForNamespace("dev-ns");
        await dev.PublishAsync(Key, "1");
        var told = System.Threading.Channels.Channel.CreateUnbounded<string>();
        using ConfigWatcher watcher = NacosServers.Connect(server).ForNamespace("dev-ns").Watch([Key], (change, _) =>
        {
            told.Writer.TryWrite($"{change.Kind} {change.Content}");
            return default;
        }, new WatchOptions { PollInterval = TimeSpan.FromMilliseconds(100) });

        string first = await NextAsync();
        await dev.PublishAsync(Key, "2");
        string second = await NextAsync();
        await dev.RemoveAsync(Key);
        string third = await NextAsync();

        Assert.Equal(("Initial 1", "Changed 2", "Removed "), (first, second, third));

        Task<string> NextAsync() => Clients.InTime(told.Reader.ReadAsync().AsTask());
    }

    [Fact]
    public async Task Content_is_measured_as_it_is_sent_before_it_is_sent()
    {
        await using RunningServer server = await NacosServers.StartAsync("Three");
        using AcmClient client = NacosServers.Connect(server);

        AcmException error = await Clients.FailsAsync(client.PublishAsync(Key, new string('中', 250_000)));

        Assert.Equal(AcmErrorKind.ContentTooLarge, error.Kind);
        Assert.Contains("2097152", error.Message, StringComparison.Ordinal);
        await client.PublishAsync(Key, new string('a', 250_000));
    }

    [Fact]
    public async Task A_server_that_is_no_Nacos_is_told_as_such()
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { NacosGeneration = null });
        using AcmClient client = NacosServers.Connect(server);

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal(AcmErrorKind.CapabilityMissing, error.Kind);
        Assert.Equal(nameof(AcmClientOptions.ServerType), error.Option);
    }

    private static AcmClient NewClient(RunningServer server) => NacosServers.Connect(server);
}
