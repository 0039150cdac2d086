using System.IO.Compression;
using System.Text;
using Acm.Client;
using Acm.Client.Transfer;
using Acm.Tests.Local;
using Acm.Tests.Protocol.Nacos;
using Acm.Tests.Server;

namespace Acm.Tests.Transfer;

/// <summary>Compares exported zips byte for byte with those of the consoles of real servers.</summary>
public sealed class RecordedZipTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Versions => ["1.4.8", "2.5.1", "3.0.3"];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task An_export_of_a_real_console_is_imported_with_its_metadata(string version)
    {
        await using RunningServer server = await NacosServers.StartAsync("Three");
        using AcmClient client = NacosServers.Connect(server);

        TransferPlan plan = await ImportAsync($"{version}.zip", client);

        Assert.Equal("Types, descriptions and application names are read; tags are not in it.", plan.NacosExportNote);
        Assert.Equal(
            ["REC/rec.e1 a: 1\n|yaml|described|app1", "REC/rec.e2.json {\"a\":\"中文\"}|json||", "REC_B/rec.e3 text\r\nwith crlf|text||app2", "REC_B/rec.e4 no type given|text|desc: with 'quotes' # and \"more\"|"],
            await StoredAsync(client));
    }

    [Theory]
    [InlineData("1.4.8")]
    [InlineData("2.5.1")]
    public async Task An_export_in_the_older_layout_is_imported_with_application_names(string version)
    {
        await using RunningServer server = await NacosServers.StartAsync("Three");
        using AcmClient client = NacosServers.Connect(server);

        TransferPlan plan = await ImportAsync($"{version}-old.zip", client);

        Assert.Equal("Its layout has application names; types, descriptions and tags are not in it.", plan.NacosExportNote);
        string[] stored = await StoredAsync(client);
        Assert.Equal(["app1", "", "app2", ""], stored.Select(text => text.Split('|')[3]));
        Assert.Equal("REC/rec.e2.json {\"a\":\"中文\"}", stored[1].Split('|')[0]);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task An_export_of_nothing_is_read(string version)
    {
        await using RunningServer server = await NacosServers.StartAsync("Three");
        using AcmClient client = NacosServers.Connect(server);

        TransferPlan plan = await ImportAsync($"{version}-empty.zip", client);

        Assert.True(plan.IsNacosExport);
        Assert.Empty(plan.Problems);
        Assert.Empty(plan.Items);
    }

    // A console of that version imports what it exports: the same names in the same order, and the same metadata file.
    [Theory]
    [InlineData("1.4.8.zip", ZipLayout.Nacos)]
    [InlineData("2.5.1.zip", ZipLayout.Nacos)]
    [InlineData("3.0.3.zip", ZipLayout.Nacos)]
    [InlineData("1.4.8-old.zip", ZipLayout.NacosV1)]
    [InlineData("2.5.1-old.zip", ZipLayout.NacosV1)]
    [InlineData("1.4.8-empty.zip", ZipLayout.Nacos)]
    public async Task An_export_has_the_names_and_bytes_of_one_of_the_console(string recorded, ZipLayout layout)
    {
        await using RunningServer server = await NacosServers.StartAsync("Three");
        using AcmClient client = NacosServers.Connect(server);
        await ImportAsync(recorded, client);
        string path = Path.Combine(_folder.Path, "ours.zip");

        await new ConfigExporter(client, new ExportOptions { ZipLayout = layout, AllowEmpty = true }).ToZipAsync(path, TestContext.Current.CancellationToken);

        List<(string Name, string Text)> ours = Entries(path);
        Assert.Equal(Entries(Path.Combine(_folder.Path, recorded)), ours);
        Assert.DoesNotContain("null", ours[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_older_layout_has_no_file_of_application_names_where_none_is_given_and_tells_what_it_leaves_out()
    {
        await using RunningServer server = await NacosServers.StartAsync("Three");
        using AcmClient client = NacosServers.Connect(server);
        await client.PublishAsync(new ConfigKey("a.yaml"), "1", new PublishOptions { Tags = "x", Description = "d" });
        string path = Path.Combine(_folder.Path, "ours.zip");
        var observer = new ExportObserver();

        await new ConfigExporter(client, new ExportOptions { ZipLayout = ZipLayout.NacosV1, Observer = observer }).ToZipAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal("DEFAULT_GROUP/a.yaml", Assert.Single(Entries(path)).Name);
        Assert.Equal("The older layout of the Nacos console has no types, descriptions and tags: those of 'DEFAULT_GROUP/a.yaml' are not in the zip.", Assert.Single(observer.Warnings));
    }

    [Fact]
    public void Two_names_that_the_older_layout_makes_one_are_refused()
    {
        var metadata = new ConfigMetadata { AppName = "shop" };

        AcmException error = Assert.Throws<AcmException>(() => ConsoleZip.WriteOld([(new ConfigKey("a.b"), metadata), (new ConfigKey("a~b"), metadata)]));

        Assert.Equal(AcmErrorKind.InvalidKey, error.Kind);
        Assert.Contains("'DEFAULT_GROUP.a~b'", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<string[]> StoredAsync(AcmClient client)
    {
        var stored = new List<string>();
        await foreach (ConfigItem item in client.ListAsync(cancellationToken: TestContext.Current.CancellationToken))
        {
            AcmConfig config = await client.GetAsync(item.Key, new AcmCallOptions { WithMetadata = true }, TestContext.Current.CancellationToken);
            stored.Add($"{item.Key} {config.Content}|{config.Type}|{config.Description}|{config.AppName}");
        }

        return [.. stored.Order(StringComparer.Ordinal)];
    }

    private static List<(string Name, string Text)> Entries(string path)
    {
        using ZipArchive zip = ZipFile.OpenRead(path);
        return [.. zip.Entries.Select(entry =>
        {
            using var reader = new StreamReader(entry.Open(), Encoding.UTF8);
            return (entry.FullName, reader.ReadToEnd());
        })];
    }

    private async Task<TransferPlan> ImportAsync(string recorded, AcmClient client)
    {
        string path = Path.Combine(_folder.Path, recorded);
        await using (Stream resource = typeof(RecordedZipTests).Assembly.GetManifestResourceStream("ConsoleZips/" + recorded)!)
        await using (FileStream file = File.Create(path)) await resource.CopyToAsync(file);

        using ConfigSet source = ConfigSet.OfZip(path);
        TransferPlan plan = await TransferPlan.MakeAsync(source, ConfigSet.OfNamespace(client, "to"), cancellationToken: TestContext.Current.CancellationToken);
        if (plan.Items.Count > 0) Assert.True((await plan.CarryOutAsync(cancellationToken: TestContext.Current.CancellationToken)).IsComplete);
        return plan;
    }
}
