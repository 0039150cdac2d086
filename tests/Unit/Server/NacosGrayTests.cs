using Acm.Server.Dialects.Nacos;
using Acm.Tests.Support;

namespace Acm.Tests.Server;

/// <summary>A client receives the beta version for its address, the version for its tag, or the formal version.</summary>
public sealed class NacosGrayTests
{
    private const string Form = "Content-Type: application/x-www-form-urlencoded";
    private const string Configs = "/nacos/v1/cs/configs";
    private const string BetaAddress = "X-Forwarded-For: 192.0.2.1";
    private const string OtherAddress = "X-Forwarded-For: 192.0.2.2";

    public static TheoryData<string, string, string, string> Clients
    {
        get
        {
            var clients = new TheoryData<string, string, string, string>();
            foreach (string generation in new[] { "One", "Two", "Three" })
            {
                clients.Add(generation, OtherAddress, "", "formal");
                clients.Add(generation, BetaAddress, "", "beta");
                clients.Add(generation, OtherAddress + "\nVipserver-Tag: t", "", "tagged");
                clients.Add(generation, OtherAddress, "&tag=t", "tagged");
                clients.Add(generation, BetaAddress + "\nVipserver-Tag: t", "", "beta");
                clients.Add(generation, BetaAddress, "&tag=t", "beta");
                clients.Add(generation, OtherAddress + "\nVipserver-Tag: other", "", "formal");
                clients.Add(generation, OtherAddress, "&tag=other", "404");
            }

            return clients;
        }
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task A_client_gets_the_version_of_its_address_or_else_of_its_tag(string generation, string headers, string query, string version)
    {
        await using RunningServer server = await StartAsync(generation);

        RawResponse read = await ReadAsync(server, headers, query);

        Assert.Equal(version, read.Status == 404 ? "404" : read.Text);
    }

    [Theory]
    [InlineData("One")]
    [InlineData("Two")]
    [InlineData("Three")]
    public async Task A_gray_version_waits_for_its_formal_one_to_come_back(string generation)
    {
        await using RunningServer server = await StartAsync(generation);

        await RawHttp.SendAsync(server.Uri, $"DELETE {Configs}?dataId=a&group=g HTTP/1.1");
        RawResponse without = await ReadAsync(server, BetaAddress, "");
        await RawHttp.PostAsync(server.Uri, Configs, "dataId=a&group=g&content=again", Form);
        RawResponse with = await ReadAsync(server, BetaAddress, "");

        Assert.Equal((404, "beta"), (without.Status, with.Text));
    }

    [Theory]
    [InlineData("Two", $"{Configs}?beta=true&dataId=a&group=g")]
    [InlineData("One", $"{Configs}?beta=true&dataId=a&group=g")]
    [InlineData("Three", "/nacos/v3/admin/cs/config/beta?dataId=a&groupName=g")]
    public async Task After_the_end_of_a_beta_its_addresses_get_what_all_get(string generation, string target)
    {
        await using RunningServer server = await StartAsync(generation);
        RawResponse stopped = await RawHttp.SendAsync(server.Uri, $"DELETE {target} HTTP/1.1");

        RawResponse read = await ReadAsync(server, BetaAddress, "");

        Assert.Equal((200, "formal"), (stopped.Status, read.Text));
    }

    [Theory]
    [InlineData("Three", "192.0.2.1", "beta")]
    [InlineData("ThreeTwo", "192.0.2.1", "beta")]
    [InlineData("ThreeTwo", "192.0.2.2", "formal")]
    public async Task The_read_of_the_third_family_knows_betas_and_no_tags(string generation, string address, string version)
    {
        await using RunningServer server = await StartAsync(generation);

        RawResponse read = await RawHttp.SendAsync(server.Uri, $"GET /nacos/v3/client/cs/config?dataId=a&groupName=g&tag=t HTTP/1.1\nX-Forwarded-For: {address}");

        Assert.Contains($"\"content\":\"{version}\"", read.Text, StringComparison.Ordinal);
        Assert.Contains($"\"beta\":{(version == "beta" ? "true" : "false")}", read.Text, StringComparison.Ordinal);
    }

    private static Task<RawResponse> ReadAsync(RunningServer server, string headers, string query) =>
        RawHttp.SendAsync(server.Uri, $"GET {Configs}?dataId=a&group=g{query} HTTP/1.1\n{headers}");

    private static async Task<RunningServer> StartAsync(string generation)
    {
        var which = Enum.Parse<Generation>(generation);
        RunningServer server = await RunningServer.StartAsync(options => options with { NacosGeneration = which });
        (string path, string group) = which == Generation.ThreeTwo ? ("/nacos/v3/admin/cs/config", "groupName") : (Configs, "group");
        await RawHttp.PostAsync(server.Uri, path, $"dataId=a&{group}=g&content=formal", Form);
        await RawHttp.PostAsync(server.Uri, path, $"dataId=a&{group}=g&content=beta", Form, "betaIps: 192.0.2.1,192.0.2.9");
        await RawHttp.PostAsync(server.Uri, path, $"dataId=a&{group}=g&content=tagged&tag=t", Form);
        return server;
    }
}
