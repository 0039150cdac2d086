using Acm.Server.Auth;
using Acm.Server.Dialects.Nacos;
using Acm.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.Server;

/// <summary>Nacos 1 accepts more names for the public namespace; permissions, rate limits and all calls treat them the same.</summary>
public sealed class NacosPublicNamespaceTests : IDisposable
{
    private const string Form = "Content-Type: application/x-www-form-urlencoded";
    private const string Configs = "/nacos/v1/cs/configs";

    private readonly string _passwords = Path.GetTempFileName();

    public void Dispose() => File.Delete(_passwords);

    [Theory]
    [InlineData("PUBLIC")]
    [InlineData("Public")]
    [InlineData("null")]
    [InlineData("NULL")]
    [InlineData("%20")]
    public async Task A_spelling_of_the_first_generation_names_the_public_namespace_in_every_call(string spelling)
    {
        await using RunningServer server = await StartAsync(Generation.One);
        await RawHttp.PostAsync(server.Uri, Configs, $"dataId=a&group=g&content=1&tenant={spelling}", Form);
        string names = $"dataId=a&group=g&tenant={spelling}";
        using RawHttp poll = await RawHttp.ConnectAsync(server.Uri);
        await poll.WriteAsync($"POST {Configs}/listener HTTP/1.1\n{Form}\nLong-Pulling-Timeout: 30000", $"Listening-Configs=a%02g%02c4ca4238a0b923820dcc509a6f75849b%02{spelling}%01");
        await server.WaitForHangingPollsAsync(1);

        RawResponse blank = await RawHttp.GetAsync(server.Uri, $"{Configs}?dataId=a&group=g");
        RawResponse read = await RawHttp.GetAsync(server.Uri, $"{Configs}?{names}");
        RawResponse detail = await RawHttp.GetAsync(server.Uri, $"{Configs}?show=all&{names}");
        RawResponse list = await RawHttp.GetAsync(server.Uri, $"{Configs}?search=accurate&{names}&pageNo=1&pageSize=9");
        RawResponse history = await RawHttp.GetAsync(server.Uri, $"/nacos/v1/cs/history?search=accurate&{names}");
        RawResponse listeners = await RawHttp.GetAsync(server.Uri, $"{Configs}/listener?{names}");
        await RawHttp.SendAsync(server.Uri, $"DELETE {Configs}?{names} HTTP/1.1");

        Assert.Equal(("1", "1"), (blank.Text, read.Text));
        Assert.Contains("\"content\":\"1\"", detail.Text, StringComparison.Ordinal);
        Assert.Contains("\"totalCount\":1,", list.Text, StringComparison.Ordinal);
        Assert.Contains("\"totalCount\":1,", history.Text, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1", listeners.Text, StringComparison.Ordinal);
        Assert.Contains("a%02g", (await poll.ReadAsync()).Text, StringComparison.Ordinal);
        Assert.Equal(404, (await RawHttp.GetAsync(server.Uri, $"{Configs}?dataId=a&group=g")).Status);
    }

    [Theory]
    [InlineData("Two", $"{Configs}?dataId=a&group=g&tenant=PUBLIC")]
    [InlineData("Three", $"{Configs}?dataId=a&group=g&tenant=null")]
    [InlineData("Three", "/nacos/v3/admin/cs/config?dataId=a&groupName=g&namespaceId=PUBLIC")]
    public async Task For_the_later_generations_they_are_other_namespaces(string generation, string target)
    {
        await using RunningServer server = await StartAsync(Enum.Parse<Generation>(generation));
        await RawHttp.PostAsync(server.Uri, Configs, "dataId=a&group=g&content=1", Form);

        Assert.Equal(404, (await RawHttp.GetAsync(server.Uri, target)).Status);
    }

    [Theory]
    [InlineData("read@public", "PUBLIC", 200)]
    [InlineData("read@public", "null", 200)]
    [InlineData("read@PUBLIC", "PUBLIC", 403)]
    [InlineData("read@null", "null", 403)]
    public async Task A_right_is_to_what_the_call_reads(string right, string spelling, int status)
    {
        await File.WriteAllTextAsync(_passwords, "root=pw-root\nann=pw-ann\n", TestContext.Current.CancellationToken);
        await using RunningServer server = await RunningServer.StartAsync(options => options with
        {
            NacosGeneration = Generation.One,
            Users = [UserEntry.Parse("root=admin"), UserEntry.Parse("ann=" + right)],
            PasswordFile = _passwords,
        });
        await RawHttp.PostAsync(server.Uri, $"{Configs}?username=root&password=pw-root", "dataId=a&group=g&content=1", Form);

        RawResponse read = await RawHttp.GetAsync(server.Uri, $"{Configs}?dataId=a&group=g&tenant={spelling}&username=ann&password=pw-ann");

        Assert.Equal(status, read.Status);
    }

    [Fact]
    public async Task Another_spelling_makes_no_second_rate_of_a_configuration()
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { NacosGeneration = Generation.One, MaxReadsPerSecond = 1 }, new FakeTimeProvider());

        int[] statuses = new int[3];
        string[] spellings = ["", "NULL", "Public"];
        for (int i = 0; i < statuses.Length; i++) statuses[i] = (await RawHttp.GetAsync(server.Uri, $"{Configs}?dataId=a&group=g&tenant={spellings[i]}")).Status;

        Assert.Equal([404, 503, 503], statuses);
    }

    private static Task<RunningServer> StartAsync(Generation generation) => RunningServer.StartAsync(options => options with { NacosGeneration = generation });
}
