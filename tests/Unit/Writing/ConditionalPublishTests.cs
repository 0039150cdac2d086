using Acm.Client;
using Acm.Tests.Support;

namespace Acm.Tests.Writing;

/// <summary>Publishes with the condition that the value matches the expected one, or does not exist.</summary>
public sealed class ConditionalPublishTests
{
    private const string Md5OfHello = "5d41402abc4b2a76b9719d911017c592";

    private static readonly ConfigKey Key = new("app.yml");

    [Fact]
    public async Task A_matching_value_is_replaced_and_the_server_is_asked_to_compare_again()
    {
        await using var server = new ScriptedServer(request => request.IsPublish ? ScriptedReply.Ok : ScriptedReply.Content("hello"));
        using AcmClient client = Clients.For(server);

        await Clients.InTime(client.PublishAsync(Key, "v2", new PublishOptions { IfMatch = Md5OfHello.ToUpperInvariant() }));

        Assert.Equal(["GET", "POST"], server.Requests.Select(request => request.Method));
        Assert.Equal($"dataId=app.yml&group=DEFAULT_GROUP&content=v2&tenant=ns-0001&md5={Md5OfHello}", server.Requests.Last().Body);
    }

    [Fact]
    public async Task Another_value_is_a_conflict_and_nothing_is_published()
    {
        await using var server = new ScriptedServer(request => request.IsPublish ? ScriptedReply.Ok : ScriptedReply.Content("other"));
        using AcmClient client = Clients.For(server);

        AcmException error = await Clients.FailsAsync(client.PublishAsync(Key, "v2", new PublishOptions { IfMatch = Md5OfHello }));

        Assert.Equal(AcmErrorKind.Conflict, error.Kind);
        Assert.Equal(Key, error.Key);
        Assert.DoesNotContain(server.Requests, request => request.IsPublish);
    }

    [Fact]
    public async Task No_value_where_one_is_expected_is_a_conflict()
    {
        await using var server = new ScriptedServer(request => request.IsPublish ? ScriptedReply.Ok : ScriptedReply.Missing);
        using AcmClient client = Clients.For(server);

        AcmException error = await Clients.FailsAsync(client.PublishAsync(Key, "v2", new PublishOptions { IfMatch = Md5OfHello }));

        Assert.Equal(AcmErrorKind.Conflict, error.Kind);
        Assert.DoesNotContain(server.Requests, request => request.IsPublish);
    }

    [Fact]
    public async Task A_value_that_changed_in_between_is_the_servers_409_and_a_conflict()
    {
        await using var server = new ScriptedServer(request => request.IsPublish ? ScriptedReply.Status(409) : ScriptedReply.Content("hello"));
        using AcmClient client = Clients.For(server);

        AcmException error = await Clients.FailsAsync(client.PublishAsync(Key, "v2", new PublishOptions { IfMatch = Md5OfHello }));

        Assert.Equal(AcmErrorKind.Conflict, error.Kind);
        Assert.Single(server.Requests, request => request.IsPublish);
    }

    [Fact]
    public async Task Creating_what_is_not_there_asks_the_server_to_see_to_it()
    {
        await using var server = new ScriptedServer(request => request.IsPublish ? ScriptedReply.Ok : ScriptedReply.Missing);
        using AcmClient client = Clients.For(server);

        await Clients.InTime(client.PublishAsync(Key, "v", new PublishOptions { CreateOnly = true }));

        Assert.Equal("dataId=app.yml&group=DEFAULT_GROUP&content=v&tenant=ns-0001&md5=&createOnly=true", server.Requests.Last().Body);
    }

    [Fact]
    public async Task Creating_what_exists_is_refused_and_nothing_is_published()
    {
        await using var server = new ScriptedServer(request => request.IsPublish ? ScriptedReply.Ok : ScriptedReply.Content("theirs"));
        using AcmClient client = Clients.For(server);

        AcmException error = await Clients.FailsAsync(client.PublishAsync(Key, "v", new PublishOptions { CreateOnly = true }));

        Assert.Equal(AcmErrorKind.ConfigExists, error.Kind);
        Assert.DoesNotContain(server.Requests, request => request.IsPublish);
    }

    [Fact]
    public async Task An_empty_value_exists_too()
    {
        await using var server = new ScriptedServer(request => request.IsPublish ? ScriptedReply.Ok : ScriptedReply.Content(""));
        using AcmClient client = Clients.For(server);

        AcmException error = await Clients.FailsAsync(client.PublishAsync(Key, "v", new PublishOptions { CreateOnly = true }));

        Assert.Equal(AcmErrorKind.ConfigExists, error.Kind);
    }

    [Fact]
    public async Task What_someone_else_created_in_between_is_the_servers_409_and_exists()
    {
        await using var server = new ScriptedServer(request => request.IsPublish ? ScriptedReply.Status(409) : ScriptedReply.Missing);
        using AcmClient client = Clients.For(server);

        AcmException error = await Clients.FailsAsync(client.PublishAsync(Key, "v", new PublishOptions { CreateOnly = true }));

        Assert.Equal(AcmErrorKind.ConfigExists, error.Kind);
        Assert.Single(server.Requests, request => request.IsPublish);
    }

    [Fact]
    public async Task A_value_that_may_not_be_read_can_not_be_compared_and_is_not_published()
    {
        await using var server = new ScriptedServer(request => request.IsPublish ? ScriptedReply.Ok : ScriptedReply.Status(403));
        using AcmClient client = Clients.For(server);

        AcmException error = await Clients.FailsAsync(client.PublishAsync(Key, "v", new PublishOptions { CreateOnly = true }));

        Assert.Equal(AcmErrorKind.AccessDenied, error.Kind);
        Assert.DoesNotContain(server.Requests, request => request.IsPublish);
    }

    [Fact]
    public async Task Both_conditions_at_once_exclude_each_other()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Ok);
        using AcmClient client = Clients.For(server);

        await Assert.ThrowsAsync<ArgumentException>(() => client.PublishAsync(Key, "v", new PublishOptions { CreateOnly = true, IfMatch = Md5OfHello }, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5d41402abc4b2a76b9719d911017c59")]
    [InlineData("zz41402abc4b2a76b9719d911017c592")]
    public async Task What_is_no_MD5_is_refused(string md5)
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Ok);
        using AcmClient client = Clients.For(server);

        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(() => client.PublishAsync(Key, "v", new PublishOptions { IfMatch = md5 }, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Contains("IfMatch", error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }
}
