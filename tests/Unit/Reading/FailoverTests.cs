using Acm.Client;
using Acm.Tests.Local;
using Acm.Tests.Support;

namespace Acm.Tests.Reading;

/// <summary>The failover folder has precedence over the servers.</summary>
public sealed class FailoverTests
{
    private static readonly ConfigKey Key = new("app.yml");

    [Fact]
    public async Task A_failover_file_answers_even_without_snapshots_and_no_server_is_asked()
    {
        using var folder = new TemporaryFolder();
        folder.Write("ns-0001/_default/app.yml", "local");
        await using var server = ScriptedServer.Always(ScriptedReply.Content("server"));
        using AcmClient client = Clients.With(Clients.Options(server) with { FailoverPath = folder.Path, NoSnapshot = true });

        AcmConfig config = await Clients.InTime(client.GetAsync(Key, new AcmCallOptions { NoSnapshot = true }));

        Assert.Equal("local", config.Content);
        Assert.Equal(ConfigSource.Failover, config.Source);
        Assert.Null(config.Server);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task R8_an_empty_failover_file_counts()
    {
        using var folder = new TemporaryFolder();
        folder.Write("ns-0001/_default/app.yml", "");
        await using var server = ScriptedServer.Always(ScriptedReply.Content("server"));
        using AcmClient client = Clients.With(Clients.Options(server) with { FailoverPath = folder.Path });

        AcmConfig config = await Clients.InTime(client.GetAsync(Key));

        Assert.Equal("", config.Content);
        Assert.Equal("d41d8cd98f00b204e9800998ecf8427e", config.Md5);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("_blank/_default/app.yml")]
    [InlineData("app.yml+DEFAULT_GROUP+")]
    public async Task The_blank_namespace_has_a_file_too(string path)
    {
        using var folder = new TemporaryFolder();
        folder.Write(path, "local");
        await using var server = ScriptedServer.Always(ScriptedReply.Content("server"));
        using AcmClient client = Clients.With(Clients.Options(server) with { Namespace = "", FailoverPath = folder.Path });

        AcmConfig config = await Clients.InTime(client.GetAsync(Key));

        Assert.Equal("local", config.Content);
    }

    [Fact]
    public async Task R28_a_call_that_asks_for_what_the_servers_hold_passes_over_the_folder()
    {
        using var folder = new TemporaryFolder();
        folder.Write("ns-0001/_default/app.yml", "local");
        await using var server = ScriptedServer.Always(ScriptedReply.Content("server"));
        using AcmClient client = Clients.With(Clients.Options(server) with { FailoverPath = folder.Path });

        AcmConfig one = await Clients.InTime(client.GetAsync(Key, new AcmCallOptions { NoFailover = true }));
        IReadOnlyList<ConfigResult> several = await Clients.InTime(client.GetManyAsync([Key], call: new AcmCallOptions { NoFailover = true }));

        Assert.Equal("server", one.Content);
        Assert.Equal("server", Assert.Single(several).Config!.Content);
    }

    [Fact]
    public async Task A_key_without_a_file_is_read_from_the_server()
    {
        using var folder = new TemporaryFolder();
        folder.Write("ns-0001/_default/other.yml", "local");
        await using var server = ScriptedServer.Always(ScriptedReply.Content("server"));
        using AcmClient client = Clients.With(Clients.Options(server) with { FailoverPath = folder.Path });

        AcmConfig config = await Clients.InTime(client.GetAsync(Key));

        Assert.Equal(ConfigSource.Server, config.Source);
    }

    [Fact]
    public async Task Of_several_keys_only_those_without_a_file_are_asked_for()
    {
        using var folder = new TemporaryFolder();
        folder.Write("ns-0001/_default/a", "local");
        await using var server = ScriptedServer.Always(ScriptedReply.Content("server"));
        using AcmClient client = Clients.With(Clients.Options(server) with { FailoverPath = folder.Path });

        IReadOnlyList<ConfigResult> results = await Clients.InTime(client.GetManyAsync([new ConfigKey("b"), new ConfigKey("a")]));

        Assert.Equal([ConfigSource.Server, ConfigSource.Failover], results.Select(result => result.Config!.Source));
        Assert.True(Assert.Single(server.Requests).IsGet);
    }

    [Fact]
    public async Task A_file_that_is_no_text_is_an_error_and_not_passed_over()
    {
        using var folder = new TemporaryFolder();
        folder.Write("ns-0001/_default/app.yml", [0xff, 0xfe, 0x00]);
        folder.Write("ns-0001/_default/good", "local");
        await using var server = ScriptedServer.Always(ScriptedReply.Content("server"));
        using AcmClient client = Clients.With(Clients.Options(server) with { FailoverPath = folder.Path });

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key));
        IReadOnlyList<ConfigResult> results = await Clients.InTime(client.GetManyAsync([Key, new ConfigKey("good")]));

        Assert.Equal(AcmErrorKind.InvalidContent, error.Kind);
        Assert.Equal(AcmErrorKind.InvalidContent, results[0].Error!.Kind);
        Assert.Equal("local", results[1].Config!.Content);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_file_that_can_not_be_read_is_an_error_and_not_passed_over()
    {
        // A folder in place of the file is unreadable even for root.
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "ns-0001/_default/app.yml"));
        await using var server = ScriptedServer.Always(ScriptedReply.Content("server"));
        using AcmClient client = Clients.With(Clients.Options(server) with { FailoverPath = folder.Path });

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal(AcmErrorKind.StorageFailed, error.Kind);
        Assert.Equal(Key, error.Key);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_snapshot_copied_over_is_a_failover_file()
    {
        using var snapshots = new TemporaryFolder();
        await using var server = ScriptedServer.Always(ScriptedReply.Content([0xd6, 0xd0, 0xce, 0xc4]));
        using (AcmClient first = Clients.With(Clients.Options(server) with { NoSnapshot = false, SnapshotPath = snapshots.Path })) await Clients.InTime(first.GetAsync(Key));
        using AcmClient client = Clients.With(Clients.Options(server) with { FailoverPath = snapshots.Path });

        AcmConfig config = await Clients.InTime(client.GetAsync(Key));

        Assert.Equal("中文", config.Content);
        Assert.Equal(ConfigSource.Failover, config.Source);
        Assert.Equal("bcce109775e8e1972e9f5fcda3e12895", config.Md5);
    }

    [Fact]
    public async Task A_publish_goes_to_the_server_and_leaves_the_file_alone()
    {
        using var folder = new TemporaryFolder();
        folder.Write("ns-0001/_default/app.yml", "local");
        await using var server = ScriptedServer.Always(ScriptedReply.Ok);
        using AcmClient client = Clients.With(Clients.Options(server) with { FailoverPath = folder.Path });

        await Clients.InTime(client.PublishAsync(Key, "new"));
        AcmConfig config = await Clients.InTime(client.GetAsync(Key));

        Assert.Equal("local", config.Content);
        Assert.True(Assert.Single(server.Requests).IsPublish);
    }
}
