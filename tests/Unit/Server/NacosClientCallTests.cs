using System.Text.Json;
using Acm.Server.Auth;
using Acm.Server.Dialects.Nacos;
using Acm.Tests.Support;

namespace Acm.Tests.Server;

/// <summary>The observed requests and requirements of published Nacos clients, by call. For polls see <see cref="NacosClientPollTests"/>.</summary>
public sealed class NacosClientCallTests : IDisposable
{
    private const string Form = "Content-Type: application/x-www-form-urlencoded";
    private const string Configs = "/nacos/v1/cs/configs";

    private readonly string _passwords = Path.GetTempFileName();

    public static TheoryData<string> Generations => ["One", "Two", "Three"];

    public void Dispose() => File.Delete(_passwords);

    // nacos-sdk-python 1.x: everything in the query, an empty body, no Content-Type. nacos-client (Java): the user in the query, the password in the form.
    [Theory]
    [MemberData(nameof(Generations))]
    public async Task Parameters_come_in_the_query_and_in_the_form_and_in_both(string generation)
    {
        await using RunningServer server = await StartAsync(generation);

        RawResponse inQuery = await RawHttp.PostAsync(server.Uri, $"{Configs}?dataId=a&group=G&content=1", "");
        RawResponse inForm = await RawHttp.PostAsync(server.Uri, Configs, "dataId=b&group=G&content=2", Form);
        RawResponse inBoth = await RawHttp.PostAsync(server.Uri, $"{Configs}?dataId=c", "group=G&content=3", Form);

        Assert.Equal(["true", "true", "true"], new[] { inQuery, inForm, inBoth }.Select(answer => answer.Text));
        Assert.Equal(["1", "2", "3"], [await ReadAsync(server, "a"), await ReadAsync(server, "b"), await ReadAsync(server, "c")]);
    }

    // nacos-sdk-go's search begins with "?&", nacos-client 1.4 ends its form with "&".
    [Theory]
    [InlineData("?&search=blur&dataId=a%2A&group=%2A&pageNo=1&pageSize=5")]
    [InlineData("?pageSize=5&group=&dataId=a%2A&pageNo=1&search=blur&tenant=")]
    public async Task A_stray_ampersand_and_any_order_are_taken(string query)
    {
        await using RunningServer server = await StartAsync("Two");

        RawResponse published = await RawHttp.PostAsync(server.Uri, Configs, "content=one+and%20two&group=G&dataId=a&", Form);
        RawResponse found = await RawHttp.GetAsync(server.Uri, Configs + query);

        Assert.Equal("true", published.Text);
        Assert.Contains("\"totalCount\":1,", found.Text, StringComparison.Ordinal);
        Assert.Contains("\"content\":\"one and two\"", found.Text, StringComparison.Ordinal);
    }

    // npm nacos, nacos-sdk-go and nacos-sdk-python 3 send unset parameters as empty.
    [Theory]
    [MemberData(nameof(Generations))]
    public async Task A_blank_parameter_is_one_that_was_not_sent(string generation)
    {
        await using RunningServer server = await StartAsync(generation);

        RawResponse published = await RawHttp.PostAsync(server.Uri, Configs, "dataId=a&group=G&content=1&tenant=&type=&tag=&config_tags=&appName=&src_user=&encryptedDataKey=", Form, "betaIps:", "casMd5:");
        RawResponse read = await RawHttp.GetAsync(server.Uri, $"{Configs}?dataId=a&group=G&tenant=&tag=");

        Assert.Equal("true", published.Text);
        Assert.Equal(("1", "text", null, null), (read.Text, read.Header("Config-Type"), read.Header("isBeta"), read.Header("tag")));
    }

    // npm nacos sends lowercase header names; nacos-client 1.4 sends application/json on requests without a body.
    [Theory]
    [InlineData("content-type: application/json;charset=UTF-8")]
    [InlineData("CONTENT-TYPE: application/x-www-form-urlencoded")]
    [InlineData("spas-signature: ")]
    public async Task Header_names_have_any_case_and_a_request_without_a_body_any_type(string header)
    {
        await using RunningServer server = await StartAsync("Three");
        await RawHttp.PostAsync(server.Uri, $"{Configs}?dataId=a&group=G&content=1", "");

        RawResponse read = await RawHttp.SendAsync(server.Uri, $"GET {Configs}?dataId=a&group=G HTTP/1.1\n{header}");
        RawResponse removed = await RawHttp.SendAsync(server.Uri, $"DELETE {Configs}?dataId=a&group=G HTTP/1.1\n{header}");

        Assert.Equal(("1", "true"), (read.Text, removed.Text));
    }

    // nacos-sdk-python 1.x and nacos-cli know only the old alias; nacos-client 3 tries the third path first, and the first after a plain 404.
    [Theory]
    [InlineData("One", "/nacos/v1/auth/users/login", 200)]
    [InlineData("One", "/nacos/v1/auth/login", 200)]
    [InlineData("One", "/nacos/v3/auth/user/login", 404)]
    [InlineData("Two", "/nacos/v1/auth/users/login", 200)]
    [InlineData("Two", "/nacos/v1/auth/login", 200)]
    [InlineData("Two", "/nacos/v3/auth/user/login", 404)]
    [InlineData("Three", "/nacos/v1/auth/users/login", 200)]
    [InlineData("Three", "/nacos/v1/auth/login", 200)]
    [InlineData("Three", "/nacos/v3/auth/user/login", 200)]
    [InlineData("ThreeTwo", "/nacos/v1/auth/users/login", 200)]
    [InlineData("ThreeTwo", "/nacos/v3/auth/user/login", 200)]
    public async Task The_login_has_its_old_paths_and_a_404_where_it_has_none(string generation, string path, int status)
    {
        await using RunningServer server = await StartWithUserAsync(generation);

        RawResponse split = await RawHttp.PostAsync(server.Uri, path + "?username=ann", "password=pw&", Form);

        Assert.Equal(status, split.Status);
    }

    // nacos-client times a login out after three seconds; nacos-sdk-go requires an integer tokenTtl.
    [Theory]
    [MemberData(nameof(Generations))]
    public async Task A_login_is_flat_JSON_with_a_whole_number_of_seconds_and_takes_no_second(string generation)
    {
        await using RunningServer server = await StartWithUserAsync(generation);
        RawResponse login;
        int tries = 0;
        long start;

        // On a busy machine any single call may be held up, but not each of several.
        do
        {
            start = TimeProvider.System.GetTimestamp();
            login = await RawHttp.PostAsync(server.Uri, "/nacos/v1/auth/users/login?username=ann&password=pw", "");
        }
        while (TimeProvider.System.GetElapsedTime(start) > TimeSpan.FromSeconds(3) && ++tries < 5);

        Assert.InRange(tries, 0, 4);
        using var document = JsonDocument.Parse(login.Body);
        Assert.Equal(18_000, document.RootElement.GetProperty("tokenTtl").GetInt32());
        Assert.NotEqual("", document.RootElement.GetProperty("accessToken").GetString());
    }

    [Theory]
    [InlineData("query")]
    [InlineData("form")]
    [InlineData("header")]
    [InlineData("bearer")]
    [InlineData("user and password")]
    public async Task A_call_carries_its_login_in_each_of_the_ways_of_the_clients(string way)
    {
        await using RunningServer server = await StartWithUserAsync("Three");
        RawResponse login = await RawHttp.PostAsync(server.Uri, "/nacos/v1/auth/login?username=ann&password=pw", "");
        using var document = JsonDocument.Parse(login.Body);
        string token = document.RootElement.GetProperty("accessToken").GetString()!;
        (string query, string form, string header) = way switch
        {
            "query" => ($"?accessToken={token}", "", "X: y"),
            "form" => ("", $"&accessToken={token}", "X: y"),
            "header" => ("", "", $"accessToken: {token}"),
            "bearer" => ("", "", $"Authorization: Bearer {token}"),
            _ => ("", "&username=ann&password=pw", "X: y"),
        };

        RawResponse with = await RawHttp.PostAsync(server.Uri, Configs + query, "dataId=a&group=G&content=1" + form, Form, header);
        RawResponse without = await RawHttp.PostAsync(server.Uri, Configs, "dataId=a&group=G&content=1", Form);

        Assert.Equal("true", with.Text);
        Assert.Equal(403, without.Status);
    }

    // npm nacos never logs in: it sends user and password with each request, including polls.
    [Fact]
    public async Task A_poll_may_carry_user_and_password()
    {
        await using RunningServer server = await StartWithUserAsync("Two");

        RawResponse answer = await RawHttp.PostAsync(server.Uri, Configs + "/listener", "Listening-Configs=a%02G%02x%01&username=ann&password=pw", Form, "Long-Pulling-Timeout: 30000");

        Assert.Equal((200, "a%02G%01\n"), (answer.Status, answer.Text));
    }

    // npm nacos and nacos-client treat every 404 of a read as an absent configuration.
    [Theory]
    [MemberData(nameof(Generations))]
    public async Task A_read_is_404_where_the_configuration_is_absent_and_for_nothing_else(string generation)
    {
        await using RunningServer server = await StartAsync(generation);

        RawResponse absent = await RawHttp.GetAsync(server.Uri, $"{Configs}?dataId=absent&group=G");
        RawResponse noGroup = await RawHttp.GetAsync(server.Uri, $"{Configs}?dataId=absent");
        RawResponse badName = await RawHttp.GetAsync(server.Uri, $"{Configs}?dataId=a%2Fb&group=G");

        Assert.Equal((404, "config data not exist\n"), (absent.Status, absent.Text));
        Assert.DoesNotContain(404, new[] { noGroup.Status, badName.Status });
    }

    // nacos-sdk-python 1.x compares the body byte by byte.
    [Theory]
    [MemberData(nameof(Generations))]
    public async Task Publish_and_remove_answer_true_and_nothing_else_also_where_nothing_was(string generation)
    {
        await using RunningServer server = await StartAsync(generation);

        RawResponse published = await RawHttp.PostAsync(server.Uri, $"{Configs}?dataId=a&group=G&content=1", "");
        RawResponse removed = await RawHttp.SendAsync(server.Uri, $"DELETE {Configs}?dataId=a&group=G HTTP/1.1");
        RawResponse again = await RawHttp.SendAsync(server.Uri, $"DELETE {Configs}?dataId=a&group=G HTTP/1.1");

        Assert.All([published, removed, again], answer => Assert.Equal((200, "true"), (answer.Status, answer.Text)));
    }

    [Theory]
    [MemberData(nameof(Generations))]
    public async Task A_publish_without_a_type_makes_it_text(string generation)
    {
        await using RunningServer server = await StartAsync(generation);
        await RawHttp.PostAsync(server.Uri, $"{Configs}?dataId=a&group=G&content=1&type=yaml", "");
        RawResponse before = await RawHttp.GetAsync(server.Uri, $"{Configs}?dataId=a&group=G");

        await RawHttp.PostAsync(server.Uri, $"{Configs}?dataId=a&group=G&content=2&type=", "");
        RawResponse after = await RawHttp.GetAsync(server.Uri, $"{Configs}?dataId=a&group=G");

        Assert.Equal(("yaml", "text"), (before.Header("Config-Type"), after.Header("Config-Type")));
    }

    // nacos-sdk-python 1.x, nacos-sdk-go; nacos-cli names the public namespace.
    [Theory]
    [InlineData("One", "search=accurate&dataId=&group=")]
    [InlineData("One", "search=blur&dataId=&group=")]
    [InlineData("Two", "search=accurate&dataId=&group=")]
    [InlineData("Two", "search=blur&dataId=&group=")]
    [InlineData("Two", "search=accurate&dataId=&group=&tenant=public")]
    public async Task A_list_without_names_has_every_configuration_with_its_id_as_text(string generation, string query)
    {
        await using RunningServer server = await StartAsync(generation);
        await RawHttp.PostAsync(server.Uri, $"{Configs}?dataId=a&group=G&content=1", "");
        await RawHttp.PostAsync(server.Uri, $"{Configs}?dataId=b&group=H&content=1", "");

        RawResponse list = await RawHttp.GetAsync(server.Uri, $"{Configs}?{query}&pageNo=1&pageSize=1000");

        using var document = JsonDocument.Parse(list.Body);
        JsonElement[] items = [.. document.RootElement.GetProperty("pageItems").EnumerateArray()];
        Assert.Equal(["a", "b"], items.Select(item => item.GetProperty("dataId").GetString()));
        Assert.All(items, item => Assert.True(long.Parse(item.GetProperty("id").GetString()!, System.Globalization.CultureInfo.InvariantCulture) > 0));
    }

    [Theory]
    [InlineData("Three")]
    [InlineData("ThreeTwo")]
    public async Task The_command_line_client_logs_in_lists_sets_and_gets(string generation)
    {
        await using RunningServer server = await StartWithUserAsync(generation);
        RawResponse login = await RawHttp.PostAsync(server.Uri, "/nacos/v3/auth/user/login", "password=pw&username=ann", Form);
        using var document = JsonDocument.Parse(login.Body);
        string bearer = $"Authorization: Bearer {document.RootElement.GetProperty("accessToken").GetString()}";

        RawResponse set = await RawHttp.PostAsync(server.Uri, "/nacos/v3/admin/cs/config", "content=1&dataId=a&groupName=G&namespaceId=public", Form, bearer);
        RawResponse list = await RawHttp.SendAsync(server.Uri, $"GET /nacos/v3/admin/cs/config/list?dataId=&groupName=&namespaceId=public&pageNo=1&pageSize=20&search=accurate HTTP/1.1\n{bearer}");
        RawResponse get = await RawHttp.SendAsync(server.Uri, $"GET /nacos/v3/client/cs/config?dataId=a&groupName=G HTTP/1.1\n{bearer}");
        RawResponse absent = await RawHttp.SendAsync(server.Uri, $"GET /nacos/v3/client/cs/config?dataId=absent&groupName=G HTTP/1.1\n{bearer}");

        Assert.Equal("""{"code":0,"message":"success","data":true}""", set.Text);
        Assert.Contains("\"totalCount\":1,", list.Text, StringComparison.Ordinal);
        Assert.Contains("\"content\":\"1\"", get.Text, StringComparison.Ordinal);
        Assert.Equal(200, absent.Status);
        Assert.Contains("\"code\":20004,", absent.Text, StringComparison.Ordinal);
    }

    // The client retries every status other than 200 three times.
    [Theory]
    [InlineData("Three", "core/state")]
    [InlineData("Three", "core/state/liveness")]
    [InlineData("Three", "cs/config?dataId=a&groupName=G&namespaceId=public")]
    [InlineData("Three", "cs/config/beta?dataId=a&groupName=G&namespaceId=public")]
    [InlineData("Three", "cs/config/list?search=blur&dataId=%2Aa%2A&groupName=&namespaceId=public&pageNo=1&pageSize=10&appName=&configTags=&configDetail=")]
    [InlineData("Three", "cs/history/list?dataId=a&groupName=G&namespaceId=public&pageNo=1&pageSize=10")]
    [InlineData("Three", "cs/history/configs?namespaceId=public")]
    [InlineData("Three", "cs/config/listener?dataId=a&groupName=G&namespaceId=public&aggregation=true")]
    [InlineData("Three", "core/namespace?namespaceId=public")]
    [InlineData("Three", "core/namespace/list")]
    [InlineData("ThreeTwo", "core/ops/readiness")]
    public async Task The_maintainer_client_finds_its_calls(string generation, string path)
    {
        await using RunningServer server = await StartAsync(generation);
        await PublishAsync("betaIps: 10.1.1.1");
        await PublishAsync("X: y");

        RawResponse answer = await RawHttp.GetAsync(server.Uri, "/nacos/v3/admin/" + path);

        Assert.Equal(200, answer.Status);
        Assert.StartsWith("""{"code":0,"message":"success","data":""", answer.Text, StringComparison.Ordinal);

        Task PublishAsync(string header) =>
            RawHttp.PostAsync(server.Uri, "/nacos/v3/admin/cs/config", "groupName=G&dataId=a&namespaceId=public&appName=&type=text&content=1&srcUser=&configTags=&desc=&", Form, header);
    }

    private static async Task<string> ReadAsync(RunningServer server, string dataId) => (await RawHttp.GetAsync(server.Uri, $"{Configs}?dataId={dataId}&group=G")).Text;

    private static Task<RunningServer> StartAsync(string generation) => RunningServer.StartAsync(options => options with { NacosGeneration = Enum.Parse<Generation>(generation) });

    private async Task<RunningServer> StartWithUserAsync(string generation)
    {
        await File.WriteAllTextAsync(_passwords, "ann=pw\n");
        return await RunningServer.StartAsync(options => options with { NacosGeneration = Enum.Parse<Generation>(generation), Users = [UserEntry.Parse("ann=admin")], PasswordFile = _passwords });
    }
}
