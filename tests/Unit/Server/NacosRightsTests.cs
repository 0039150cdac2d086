using System.Security.Cryptography;
using System.Text;
using Acm.Server.Auth;
using Acm.Server.Dialects.Nacos;
using Acm.Server.Limits;
using Acm.Server.Options;
using Acm.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.Server;

/// <summary>A user of one namespace can neither read nor change another, whatever other parameters the call has.</summary>
public sealed class NacosRightsTests : IDisposable
{
    private const string Form = "Content-Type: application/x-www-form-urlencoded";
    private const string Root = "username=root&password=pw-root";
    private const string User = "username=ann&password=pw-ann";

    // An item of a poll in a form, with encoded separators.
    private const string DevItem = "&Listening-Configs=a%02b%02c%02dev%01";

    private static readonly string[] Names = ["tenant", "namespaceId", "namespace"];
    private static readonly string?[] Choices = ["dev", "prod", null];

    private readonly string _passwords = Path.GetTempFileName();

    public static TheoryData<string, string> Users => new()
    {
        { "One", "read@dev" }, { "Two", "read@dev" }, { "Three", "read@dev" }, { "ThreeTwo", "read@dev" },
        { "One", "readwrite@dev" }, { "Two", "readwrite@dev" }, { "Three", "readwrite@dev" }, { "ThreeTwo", "readwrite@dev" },
    };

    public void Dispose() => File.Delete(_passwords);

    [Theory]
    [MemberData(nameof(Users))]
    public async Task No_call_tells_or_changes_anything_of_another_namespace(string generation, string right)
    {
        var which = Enum.Parse<Generation>(generation);
        await using RunningServer server = await StartAsync(which, right);
        foreach (string tenant in new[] { "dev", "prod", "" }) await PublishAsync(server, which, tenant);
        using RawHttp? listener = which < Generation.ThreeTwo ? await ListenToProdAsync(server) : null;
        using RawHttp connection = await RawHttp.ConnectAsync(server.Uri);
        var leaks = new List<string>();
        int toldToRoot = 0;

        foreach (Route route in Routes(which))
        {
            // Control: a user with permission for all namespaces sees it.
            if (route.Method == "GET" && TellsOfOthers(await SendAsync(connection, route, Root + Query(["prod", "prod", "prod"])))) toldToRoot++;

            foreach (string more in Decoys())
            {
                if (TellsOfOthers(await SendAsync(connection, route, User + more))) leaks.Add($"{route.Method} {route.Path} {route.When} {more}");
            }
        }

        Assert.Empty(leaks);
        Assert.True(toldToRoot >= 5, $"{toldToRoot} calls told anything at all.");
        foreach (string tenant in new[] { "prod", "" })
        {
            string detail = await DetailAsync(server, which, tenant);
            Assert.Contains("of-" + tenant, detail, StringComparison.Ordinal);
            Assert.Contains("about-" + tenant, detail, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("One", "v1/cs/configs?search=blur&dataId=&group=&tenant=")]
    [InlineData("Two", "v2/cs/config/searchDetail?search=blur&dataId=&group=&config_detail=&tenant=")]
    [InlineData("Three", "v3/admin/cs/config/list?namespaceId=")]
    public async Task A_pattern_finds_what_the_user_may_read(string generation, string call)
    {
        var which = Enum.Parse<Generation>(generation);
        await using RunningServer server = await StartAsync(which, "read@pro_");
        foreach (string tenant in new[] { "pro_", "prod" }) await PublishAsync(server, which, tenant);

        string ofRoot = (await RawHttp.GetAsync(server.Uri, $"/nacos/{call}pro_&pageNo=1&pageSize=9&{Root}")).Text;
        string ofUser = (await RawHttp.GetAsync(server.Uri, $"/nacos/{call}pro_&pageNo=1&pageSize=9&{User}")).Text;

        Assert.Contains("\"totalCount\":4", ofRoot, StringComparison.Ordinal);
        Assert.Contains("\"totalCount\":2", ofUser, StringComparison.Ordinal);
        Assert.DoesNotContain("only-in-prod", ofUser, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_parameter_makes_no_second_rate_of_a_configuration()
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { MaxChangesPerSecond = 1 }, new FakeTimeProvider());

        RawResponse first = await RawHttp.PostAsync(server.Uri, "/nacos/v3/admin/cs/config?tenant=a", "dataId=a&groupName=g&content=1", Form);
        RawResponse second = await RawHttp.PostAsync(server.Uri, "/nacos/v3/admin/cs/config?tenant=b&group=h", "dataId=a&groupName=g&content=2", Form);

        Assert.Equal((200, 503), (first.Status, second.Status));
    }

    [Theory]
    [InlineData("192.0.2.1", true)]
    [InlineData("198.51.100.1, 192.0.2.1", true)]
    [InlineData("192.0.2.1, 127.0.0.1", true)]
    [InlineData("192.0.2.1, 198.51.100.1", false)]
    [InlineData("192.0.2.1, unknown", false)]
    [InlineData("unknown", false)]
    public async Task The_address_of_a_client_is_the_last_that_a_trusted_proxy_heard_from(string forwarded, bool isThatClient)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await RawHttp.PostAsync(server.Uri, "/nacos/v1/cs/configs", "dataId=a&group=g&content=beta", Form, "betaIps: 192.0.2.1");

        RawResponse read = await RawHttp.SendAsync(server.Uri, $"GET /nacos/v1/cs/configs?dataId=a&group=g HTTP/1.1\nX-Forwarded-For: {forwarded}");

        Assert.Equal(isThatClient ? 200 : 404, read.Status);
    }

    private static Route[] Routes(Generation generation)
    {
        using var memory = new StoreInMemory();
        var none = new RateLimit(0, TimeProvider.System);
        var facts = new ServerFacts(generation, true, 30, 1);
        return [.. NacosSetup.Routes(facts, new ServerOptions(), memory.Store, users: null, new PollLimit(0, 1), new CallLimits(none, none, null)).Where(route => route.Access is Access.Read or Access.Write)];
    }

    private static IEnumerable<string> Decoys()
    {
        foreach (string? tenant in Choices)
        {
            foreach (string? id in Choices)
            {
                foreach (string? name in Choices)
                {
                    string query = Query([tenant, id, name]);
                    yield return query;
                    yield return query + DevItem;
                }
            }
        }
    }

    private static string Query(string?[] values) => string.Concat(Names.Zip(values).Select(pair => pair.Second is null ? "" : $"&{pair.First}={pair.Second}"));

    private static async Task<RawResponse> SendAsync(RawHttp connection, Route route, string more)
    {
        // Parameters that some calls require in addition to the key. An export without a name includes more.
        string dataId = route.When?.StartsWith("export", StringComparison.Ordinal) == true || route.Path.EndsWith("/export", StringComparison.Ordinal) ? "" : "secret";
        string search = route.When is null && route.Path.EndsWith("/searchDetail", StringComparison.Ordinal) ? "&search=blur" : "";
        string query = $"dataId={dataId}&group=g&groupName=g&content=changed&desc=changed&ids=&config_detail=&ip=127.0.0.1&all=true&pageNo=1&pageSize=9&nid=2&id=2&{route.When}{search}&{more}";
        await connection.WriteAsync($"{route.Method} /nacos{route.Path}?{query} HTTP/1.1");
        return await connection.ReadAsync();
    }

    private static bool TellsOfOthers(RawResponse answer)
    {
        string told = answer.Text + answer.Header("Content-MD5");
        return new[] { "prod", "" }.Any(tenant => new[] { $"of-{tenant}.", $"about-{tenant}.", $"only-in-{tenant}.", Md5($"of-{tenant}.") }.Any(mark => told.Contains(mark, StringComparison.Ordinal)));
    }

    private static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));

    private static async Task PublishAsync(RunningServer server, Generation generation, string tenant)
    {
        foreach (string dataId in new[] { "secret", $"only-in-{tenant}." })
        {
            string names = $"dataId={dataId}&group=g&groupName=g&tenant={tenant}&namespaceId={tenant}";
            string path = generation < Generation.Three ? "/nacos/v1/cs/configs" : "/nacos/v3/admin/cs/config";
            RawResponse answer = await RawHttp.PostAsync(server.Uri, path, $"{names}&content=of-{tenant}.&desc=about-{tenant}.&{Root}", Form);
            Assert.Equal(200, answer.Status);
        }
    }

    private static async Task<string> DetailAsync(RunningServer server, Generation generation, string tenant)
    {
        string path = generation < Generation.Three ? "/nacos/v1/cs/configs?show=all" : "/nacos/v3/admin/cs/config?x=1";
        return (await RawHttp.GetAsync(server.Uri, $"{path}&dataId=secret&group=g&groupName=g&tenant={tenant}&namespaceId={tenant}&{Root}")).Text;
    }

    private static async Task<RawHttp> ListenToProdAsync(RunningServer server)
    {
        RawHttp connection = await RawHttp.ConnectAsync(server.Uri);
        string items = string.Concat(new[] { "secret", "only-in-prod." }.Select(dataId => $"{dataId}%02g%02{Md5("of-prod.")}%02prod%01"));
        await connection.WriteAsync($"POST /nacos/v1/cs/configs/listener?{Root} HTTP/1.1\n{Form}\nLong-Pulling-Timeout: 60000", "Listening-Configs=" + items);
        await server.WaitForHangingPollsAsync(1);
        return connection;
    }

    private Task<RunningServer> StartAsync(Generation generation, string right)
    {
        File.WriteAllText(_passwords, "root=pw-root\nann=pw-ann\n");
        return RunningServer.StartAsync(options => options with
        {
            NacosGeneration = generation,
            Users = [UserEntry.Parse("root=admin"), UserEntry.Parse("ann=" + right)],
            PasswordFile = _passwords,
        });
    }
}
