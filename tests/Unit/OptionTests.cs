using Acm.Client;
using Acm.Tests.Support;

namespace Acm.Tests;

/// <summary>The options of a client, and a client without calls.</summary>
public sealed class OptionTests
{
    private static readonly ConfigKey Key = new("app.yml");

    public static TheoryData<string, AcmClientOptions> OutOfRange => new()
    {
        { nameof(AcmClientOptions.TryTimeout), Valid with { TryTimeout = TimeSpan.Zero } },
        { nameof(AcmClientOptions.TryTimeout), Valid with { TryTimeout = TimeSpan.FromMinutes(10) + TimeSpan.FromTicks(1) } },
        { nameof(AcmClientOptions.TotalTimeout), Valid with { TotalTimeout = TimeSpan.Zero } },
        { nameof(AcmClientOptions.TotalTimeout), Valid with { TotalTimeout = TimeSpan.FromHours(1) + TimeSpan.FromTicks(1) } },
        { nameof(AcmClientOptions.LongPollTimeout), Valid with { LongPollTimeout = TimeSpan.FromSeconds(9) } },
        { nameof(AcmClientOptions.LongPollTimeout), Valid with { LongPollTimeout = TimeSpan.FromMinutes(11) } },
        { nameof(AcmClientOptions.LongPollBatchSize), Valid with { LongPollBatchSize = 0 } },
        { nameof(AcmClientOptions.LongPollBatchSize), Valid with { LongPollBatchSize = 10_001 } },
        { nameof(AcmClientOptions.CallbackConcurrency), Valid with { CallbackConcurrency = 0 } },
        { nameof(AcmClientOptions.CallbackConcurrency), Valid with { CallbackConcurrency = 1_001 } },
        { nameof(AcmClientOptions.AppName), Valid with { AppName = new string('a', 129) } },
        { nameof(AcmClientOptions.AppName), Valid with { AppName = "中文" } },
        { nameof(AcmClientOptions.AppName), Valid with { AppName = "a\r\nEvil: 1" } },
        { "endpoint", Valid with { Endpoint = "" } },
        { "endpoint", Valid with { Endpoint = " ", Direct = true } },
        { "endpoint", Valid with { Endpoint = ",;", Direct = true } },
        { "endpoint", Valid with { Endpoint = "host:99999" } },
        { "endpoint", Valid with { Endpoint = "ftp://host" } },
        { "endpoint", Valid with { Endpoint = "a b" } },
    };

    private static AcmClientOptions Valid => new() { Endpoint = "acm.invalid" };

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void An_option_out_of_its_range_is_refused_by_name(string name, AcmClientOptions options)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new AcmClient(options).Dispose());

        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_ends_of_the_ranges_are_taken()
    {
        AcmClientOptions least = Valid with { TryTimeout = TimeSpan.FromMilliseconds(1), TotalTimeout = TimeSpan.FromMilliseconds(1), LongPollTimeout = TimeSpan.FromSeconds(10), LongPollBatchSize = 1, CallbackConcurrency = 1, AppName = "" };
        AcmClientOptions most = Valid with { TryTimeout = TimeSpan.FromMinutes(10), TotalTimeout = TimeSpan.FromHours(1), LongPollTimeout = TimeSpan.FromMinutes(10), LongPollBatchSize = 10_000, CallbackConcurrency = 1_000, AppName = new string('a', 128) };

        using var first = new AcmClient(least);
        using var second = new AcmClient(most);

        Assert.Same(least, first.Options);
        Assert.Same(most, second.Options);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("a b")]
    [InlineData("a\0b")]
    [InlineData("命名空间")]
    public void A_namespace_that_is_none_is_refused(string name)
    {
        AcmException error = Assert.Throws<AcmException>(() => new AcmClient(Valid with { Namespace = name }).Dispose());

        Assert.Equal(AcmErrorKind.InvalidKey, error.Kind);
        Assert.Contains("namespace", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("public")]
    [InlineData("[default]")]
    public void The_blank_namespace_has_several_names_and_is_one(string name)
    {
        using var client = new AcmClient(Valid with { Namespace = name });

        Assert.Equal("", client.Namespace);
        Assert.Same(client, client.ForNamespace(""));
    }

    [Theory]
    [InlineData("", "secret")]
    [InlineData("ak", "")]
    [InlineData("ak-密", "secret")]
    [InlineData("ak\n", "secret")]
    public void A_key_that_can_not_be_one_is_refused_without_being_shown(string accessKey, string secretKey)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new AcmCredential(accessKey, secretKey));

        Assert.DoesNotContain("ak-", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret,", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_time_limit_of_a_call_is_checked_too()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Content("v"));
        using AcmClient client = Clients.For(server);

        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(() => client.GetAsync(Key, new AcmCallOptions { TryTimeout = TimeSpan.FromSeconds(-1) }, TestContext.Current.CancellationToken));

        Assert.Contains(nameof(AcmCallOptions.TryTimeout), error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public async Task A_parallelism_out_of_range_is_refused_by_name(int parallelism)
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Content("v"));
        using AcmClient client = Clients.For(server);

        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(() => client.GetManyAsync([Key], parallelism, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Contains("parallelism", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Making_a_client_sends_nothing(bool direct)
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Content("v"));

        Clients.With(Clients.Options(server) with { Direct = direct }).Dispose();

        Assert.Equal(0, server.Connections);
    }
}
