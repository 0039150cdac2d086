using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Acm.Server.Dialects.Nacos;
using Acm.Tests.Support;

namespace Acm.Tests.Server;

/// <summary>Export, import and clone copy a configuration from one namespace to another, in each archive layout.</summary>
public sealed class NacosTransferTests
{
    private const string Form = "Content-Type: application/x-www-form-urlencoded";
    private const string Content = "a: 中文\n";

    public static TheoryData<string, string> Layouts => new() { { "One", "export" }, { "One", "exportV2" }, { "Two", "export" }, { "Two", "exportV2" }, { "Three", "v3" }, { "ThreeTwo", "v3" } };

    [Theory]
    [MemberData(nameof(Layouts))]
    public async Task What_is_exported_is_imported_with_all_that_its_layout_has(string generation, string layout)
    {
        var which = Enum.Parse<Generation>(generation);
        await using RunningServer server = await StartAsync(which);

        RawResponse archive = await RawHttp.GetAsync(server.Uri, which < Generation.Three
            ? $"/nacos/v1/cs/configs?{layout}=true&tenant=from&dataId=&group=&appName=&ids="
            : "/nacos/v3/admin/cs/config/export?namespaceId=from&dataId=&groupName=&appName=&ids=");
        RawResponse imported = await ImportAsync(server, which, archive.Body, "ABORT");
        RawResponse again = await ImportAsync(server, which, archive.Body, "SKIP");
        JsonElement detail = await DetailAsync(server, which, "app.yaml");

        string[] entries = layout == "export" ? ["G/app.yaml", "G2/db", ".meta.yml"] : ["G/app.yaml", "G2/db", ".metadata.yml"];
        using var zip = new ZipArchive(new MemoryStream(archive.Body));
        Assert.Equal(entries, zip.Entries.Select(entry => entry.FullName));
        Assert.Contains("\"succCount\":2", imported.Text, StringComparison.Ordinal);
        Assert.Contains("\"succCount\":0,\"skipCount\":2", again.Text, StringComparison.Ordinal);
        Assert.Equal((Content, "shop"), (detail.GetProperty("content").GetString(), detail.GetProperty("appName").GetString()));

        // The old layout only has the application name.
        if (layout == "export") return;
        Assert.Equal(("yaml", "first: 'one'"), (detail.GetProperty("type").GetString(), detail.GetProperty("desc").GetString()));
    }

    [Theory]
    [InlineData("One")]
    [InlineData("Two")]
    [InlineData("Three")]
    [InlineData("ThreeTwo")]
    public async Task A_clone_has_the_content_and_the_metadata_under_its_new_name(string generation)
    {
        var which = Enum.Parse<Generation>(generation);
        await using RunningServer server = await StartAsync(which);
        string id = (await DetailAsync(server, which, "app.yaml", "from")).GetProperty("id").GetString()!;

        RawResponse cloned = which < Generation.Three
            ? await RawHttp.PostAsync(server.Uri, "/nacos/v1/cs/configs?clone=true&tenant=to&policy=ABORT", $$"""[{"cfgId":"{{id}}","dataId":"copy","group":"G"}]""", "Content-Type: application/json")
            : await RawHttp.PostAsync(server.Uri, "/nacos/v3/admin/cs/config/clone?namespaceId=to&policy=ABORT", $$"""[{"configId":"{{id}}","targetDataId":"copy","targetGroupName":"G"}]""", "Content-Type: application/json");
        JsonElement copy = await DetailAsync(server, which, "copy");
        JsonElement original = await DetailAsync(server, which, "app.yaml", "from");

        Assert.Contains("\"succCount\":1", cloned.Text, StringComparison.Ordinal);
        foreach (string member in new[] { "content", "md5", "type", "appName", "desc" }) Assert.Equal(original.GetProperty(member).GetString(), copy.GetProperty(member).GetString());
        Assert.NotEqual(id, copy.GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("One", "/nacos/v1/cs/configs?clone=true&tenant=to&policy=ABORT", "cfgId", 500)]
    [InlineData("Two", "/nacos/v1/cs/configs?clone=true&tenant=to&policy=ABORT", "cfgId", 500)]
    [InlineData("Three", "/nacos/v3/admin/cs/config/clone?namespaceId=to&policy=ABORT", "configId", 400)]
    public async Task An_id_that_no_number_holds_is_unreadable(string generation, string path, string member, int status)
    {
        await using RunningServer server = await StartAsync(Enum.Parse<Generation>(generation));

        foreach (string id in new[] { "\"99999999999999999999\"", "99999999999999999999", "\"x\"", "{}" })
        {
            RawResponse answer = await RawHttp.PostAsync(server.Uri, path, $$"""[{"{{member}}":{{id}}}]""", "Content-Type: application/json");

            Assert.Equal(status, answer.Status);
            Assert.Contains("JSON parse error", answer.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Two")]
    [InlineData("Three")]
    public async Task Metadata_of_a_hundred_thousand_levels_are_refused_and_the_server_lives(string generation)
    {
        var which = Enum.Parse<Generation>(generation);
        await using RunningServer server = await StartAsync(which);

        RawResponse answer = await ImportAsync(server, which, Zip((".metadata.yml", new string('[', 100_000)), ("G/a", "1")), "ABORT");

        Assert.Equal(500, answer.Status);
        Assert.Contains("levels deep", answer.Text, StringComparison.Ordinal);
        Assert.Equal(200, (await RawHttp.GetAsync(server.Uri, "/health")).Status);
    }

    [Theory]
    [InlineData("Two", 257, 1)]
    [InlineData("Two", 1, 129)]
    [InlineData("Three", 257, 1)]
    public async Task A_name_that_no_call_could_name_is_not_imported(string generation, int dataIdLength, int groupLength)
    {
        var which = Enum.Parse<Generation>(generation);
        await using RunningServer server = await StartAsync(which);
        (string dataId, string group) = (new string('d', dataIdLength), new string('g', groupLength));

        RawResponse answer = await ImportAsync(server, which, Zip((".metadata.yml", $"metadata:\n- {{group: {group}, dataId: {dataId}, type: text}}\n"), ($"{group}/{dataId}", "1")), "ABORT");

        Assert.Equal(400, answer.Status);
        Assert.Contains("too long", answer.Text, StringComparison.Ordinal);
    }

    private static byte[] Zip(params ReadOnlySpan<(string Name, string Text)> entries)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, string text) in entries)
            {
                using Stream entry = zip.CreateEntry(name).Open();
                entry.Write(Encoding.UTF8.GetBytes(text));
            }
        }

        return bytes.ToArray();
    }

    private static Task<RawResponse> ImportAsync(RunningServer server, Generation generation, byte[] archive, string policy)
    {
        string path = generation < Generation.Three ? $"/nacos/v1/cs/configs?import=true&namespace=to&policy={policy}" : $"/nacos/v3/admin/cs/config/import?namespaceId=to&policy={policy}";
        string body = $"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f.zip\"\r\n\r\n{Encoding.Latin1.GetString(archive)}\r\n--b--\r\n";
        return RawHttp.PostAsync(server.Uri, path, body, "Content-Type: multipart/form-data; boundary=b");
    }

    private static async Task<JsonElement> DetailAsync(RunningServer server, Generation generation, string dataId, string tenant = "to")
    {
        RawResponse answer = await RawHttp.GetAsync(server.Uri, generation < Generation.Three
            ? $"/nacos/v1/cs/configs?show=all&dataId={dataId}&group=G&tenant={tenant}"
            : $"/nacos/v3/admin/cs/config?dataId={dataId}&groupName=G&namespaceId={tenant}");
        using var document = JsonDocument.Parse(answer.Body);
        return (generation < Generation.Three ? document.RootElement : document.RootElement.GetProperty("data")).Clone();
    }

    /// <summary>A server with two configurations in the namespace <c>from</c>, and an empty namespace <c>to</c>.</summary>
    private static async Task<RunningServer> StartAsync(Generation generation)
    {
        RunningServer server = await RunningServer.StartAsync(options => options with { NacosGeneration = generation });
        bool isOld = generation < Generation.Three;
        string configs = isOld ? "/nacos/v1/cs/configs" : "/nacos/v3/admin/cs/config";
        (string group, string tenant) = isOld ? ("group", "tenant") : ("groupName", "namespaceId");
        await RawHttp.PostAsync(server.Uri, configs, $"dataId=app.yaml&{group}=G&{tenant}=from&content={Uri.EscapeDataString(Content)}&type=yaml&appName=shop&desc={Uri.EscapeDataString("first: 'one'")}", Form);
        await RawHttp.PostAsync(server.Uri, configs, $"dataId=db&{group}=G2&{tenant}=from&content=1", Form);
        RawResponse created = isOld
            ? await RawHttp.PostAsync(server.Uri, "/nacos/v1/console/namespaces", "customNamespaceId=to&namespaceName=to", Form)
            : await RawHttp.PostAsync(server.Uri, "/nacos/v3/admin/core/namespace", "namespaceId=to&namespaceName=to", Form);
        Assert.Equal(200, created.Status);
        return server;
    }
}
