using System.Reflection;
using Acm.Client;
using Acm.Client.Protocol;
using Acm.Client.Protocol.Diamond;
using Acm.Client.Protocol.Nacos;
using Acm.Tests.Support;

namespace Acm.Tests.Dialects;

/// <summary>A missing capability of a dialect or server is an error with an alternative, without sending a request.</summary>
public sealed class MissingCapabilityTests
{
    private static readonly ConfigKey Key = new("app.yml");

    public static TheoryData<string, string> Operations()
    {
        var rows = new TheoryData<string, string>();
        foreach (string dialect in new[] { "ACM", "Nacos", "Echo" })
        {
            foreach (MethodInfo method in typeof(IConfigProtocol).GetMethods().Where(method => typeof(ServerOperation).IsAssignableFrom(method.ReturnType))) rows.Add(dialect, method.Name);
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void An_operation_is_there_or_the_error_names_what_can_be_done(string name, string operation)
    {
        IConfigProtocol dialect = Dialect(name);
        MethodInfo method = typeof(IConfigProtocol).GetMethod(operation)!;
        AcmException? error = null;
        object? made = null;
        try
        {
            made = method.Invoke(dialect, [.. method.GetParameters().Select(parameter => Sample(parameter.ParameterType))]);
        }
        catch (TargetInvocationException e)
        {
            error = Assert.IsType<AcmException>(e.InnerException);
        }

        if (error is null) Assert.NotNull(made);
        else AssertNamesWhatCan(error);
        if (operation == nameof(IConfigProtocol.BatchGet)) Assert.Equal(dialect.Missing.HasFlag(Capability.BatchGet), error is not null);
    }

    [Theory]
    [InlineData("ACM", true)]
    [InlineData("Nacos", true)]
    [InlineData("Echo", false)]
    public void A_dialect_that_supplies_no_long_poll_says_that_it_has_none(string name, bool has)
    {
        IConfigProtocol dialect = Dialect(name);

        Assert.Equal((has, !has), (dialect is ILongPollDialect, dialect.Missing.HasFlag(Capability.LongPoll)));
    }

    [Fact]
    public async Task Who_listens_is_not_asked_of_a_dialect_that_does_not_tell()
    {
        var servers = new EchoServers();
        using var client = new AcmClient(new AcmClientOptions { Endpoint = "one:1", Direct = true, NoSnapshot = true }, clock: null, () => 0, new Dialect(new EchoDialect(), servers));

        AssertNamesWhatCan(await Clients.FailsAsync(client.GetListenersAsync(Key)));

        Assert.Empty(servers.Asked);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(405)]
    public async Task A_server_that_does_not_know_the_call_lacks_the_capability(int status)
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Status(status));
        using AcmClient client = Clients.For(server);

        AssertNamesWhatCan(await Clients.FailsAsync(client.GetListenersAsync(Key)));
    }

    private static void AssertNamesWhatCan(AcmException error)
    {
        Assert.Equal((AcmErrorKind.CapabilityMissing, true), (error.Kind, error.IsFinal));
        Assert.False(string.IsNullOrEmpty(error.Advice));
    }

    private static IConfigProtocol Dialect(string name) => name switch
    {
        "ACM" => new DiamondProtocol(allowUnicodeName: false, allowEuroSign: false),
        "Nacos" => new NacosProtocol(allowUnicodeName: false),
        _ => new EchoDialect(),
    };

    private static object? Sample(Type type)
    {
        if (type == typeof(string)) return "";
        if (type == typeof(ConfigKey)) return Key;
        if (type == typeof(IReadOnlyList<ConfigKey>)) return new[] { Key };
        if (type == typeof(IReadOnlyList<KeyValuePair<ConfigKey, string?>>)) return new[] { new KeyValuePair<ConfigKey, string?>(Key, null) };
        if (type == typeof(PublishRequest)) return new PublishRequest(Key, [], ConfigMetadata.None);
        return Activator.CreateInstance(type);
    }
}
