using Acm.Client;
using Acm.Client.Watching.Feeds;
using Acm.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.Watching;

/// <summary>What a feed does with what its connections say.</summary>
public sealed class GrpcFeedTests
{
    private static readonly ConfigKey Key = new("app.yml");

    private readonly FakeTimeProvider _clock = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_three_minutes_without_news_all_keys_are_compared_on_the_same_connection()
    {
        using var link = new ScriptedPushLink("a:1", listens => listens == 0 ? [] : [Key]);
        var links = new ScriptedPushLinks(_ => link);
        using AcmConnection connection = Connect("a:1");
        using GrpcFeed feed = Watch(links, connection);

        Task<FeedAnswer> waiting = feed.WaitAsync(isRecovering: false, Cancelled);
        await link.Waiting;
        _clock.Advance(TimeSpan.FromMinutes(3));
        FeedAnswer answer = await Clients.InTime(waiting);

        Assert.Null(answer.Error);
        Assert.Equal([Key], answer.Changed);
        Assert.Equal(["a:1"], links.Opened);
    }

    private AcmConnection Connect(string servers) =>
        new(new AcmClientOptions { Endpoint = servers, Direct = true, ServerType = AcmServerType.Nacos, NoSnapshot = true }, _clock, () => 0, dialect: null);

    private GrpcFeed Watch(ScriptedPushLinks links, AcmConnection connection)
    {
        var feed = new GrpcFeed(new PushSupport(links, connection.Pool, log: null, _clock), fallsBack: true, maxKeys: 100, _clock, () => 0, "");
        feed.Add(Key, md5: null, isChecked: true);
        return feed;
    }
}
