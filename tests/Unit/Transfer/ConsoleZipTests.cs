using System.IO.Compression;
using System.Text;
using Acm.Client;
using Acm.Client.Transfer;
using Acm.Tests.Local;

namespace Acm.Tests.Transfer;

/// <summary>Reads the recorded zips of the consoles of Nacos 1.4.8, 2.5.1 and 3.0.3, and writes the same format.</summary>
public sealed class ConsoleZipTests
{
    // Recordings export-import, steps export-all and export-old-all.
    private const string Recorded = "metadata:\n- appName: app1\n  dataId: rec.e1\n  desc: described\n  group: REC\n  type: yaml\n- appName: ''\n  dataId: rec.e2.json\n  group: REC\n  type: json\n- appName: app2\n  dataId: rec.e3\n  group: REC_B\n  type: text\n- appName: ''\n  dataId: rec.e4\n  desc: 'desc: with ''quotes'' # and \"more\"'\n  group: REC_B\n  type: text\n";
    private const string RecordedOld = "REC.rec~e1.app=app1\r\nREC_B.rec~e3.app=app2\r\n";

    private static readonly ConfigKey[] Keys = [new("rec.e1", "REC"), new("rec.e2.json", "REC"), new("rec.e3", "REC_B"), new("rec.e4", "REC_B")];

    [Fact]
    public void The_newer_layout_is_read()
    {
        TransferRecord record = ConsoleZip.Read(Encoding.UTF8.GetBytes(Recorded), TestContext.Current.CancellationToken);

        Assert.Equal(
            ["REC/rec.e1: yaml described app1", "REC/rec.e2.json: json  ", "REC_B/rec.e3: text  app2", "REC_B/rec.e4: text desc: with 'quotes' # and \"more\" "],
            record.Files.Select(file => $"{file.Key}: {file.Value.Metadata.Type} {file.Value.Metadata.Description} {file.Value.Metadata.AppName}"));
    }

    [Fact]
    public void The_older_layout_is_read()
    {
        TransferRecord record = ConsoleZip.ReadOld(Encoding.UTF8.GetBytes(RecordedOld), Keys);

        Assert.Equal(["REC/rec.e1: app1", "REC_B/rec.e3: app2"], record.Files.Select(file => $"{file.Key}: {file.Value.Metadata.AppName}"));
    }

    [Fact]
    public void What_is_written_is_what_the_console_writes_but_for_its_choice_of_quotes()
    {
        byte[] written = ConsoleZip.Write([.. ConsoleZip.Read(Encoding.UTF8.GetBytes(Recorded), TestContext.Current.CancellationToken).Files.Values.Select(entry => (entry.Key, entry.Metadata))]);

        Assert.Equal(Recorded, Encoding.UTF8.GetString(written));
        Assert.Equal("metadata: []\n", Encoding.UTF8.GetString(ConsoleZip.Write([])));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("123")]
    [InlineData("a: b")]
    [InlineData("it's")]
    [InlineData("two\nlines\n\nand more")]
    [InlineData("tab\tand \\ and \"")]
    [InlineData(" led and followed by blanks ")]
    [InlineData("描述 😀")]
    [InlineData("- item")]
    [InlineData("#no comment")]
    public void A_text_comes_back_as_it_was_here_and_in_a_server(string text)
    {
        string yaml = $"metadata:\n- dataId: a\n  desc: {BlockYaml.Scalar(text)}\n  group: G\n";

        Assert.Equal(text, BlockYaml.Rows(yaml, TestContext.Current.CancellationToken)[0]["desc"]);
        Assert.Equal(text, Acm.Server.Dialects.Nacos.Transfer.Yaml.Rows(yaml)[0]["desc"]);
    }

    // In the format of SnakeYAML, which folds long and multi-line texts.
    [Theory]
    [InlineData("desc: a long text that is\n    folded over lines\n  group: G", "a long text that is folded over lines")]
    [InlineData("desc: 'line one\n\n    line two'\n  group: G", "line one\nline two")]
    [InlineData("desc: \"long \\\n    \\ text \\u4E2D\"\n  group: G", "long  text 中")]
    [InlineData("desc: \"a\\\\\n    b\\\\\\\n    c\"\n  group: G", "a\\ b\\c")]
    [InlineData("desc: \"\\uD83D\\uDE00 \\U0001F600\"\n  group: G", "😀 😀")]
    [InlineData("desc: a\n\n    b\n    c\n\n  group: G", "a\nb c")]
    [InlineData("desc: null\n  group: G", null)]
    public void Texts_over_several_lines_are_read(string member, string? expected)
    {
        IReadOnlyDictionary<string, string> row = BlockYaml.Rows($"metadata:\n- dataId: a\n  {member}\n", TestContext.Current.CancellationToken)[0];

        Assert.Equal((expected, "G"), (row.GetValueOrDefault("desc"), row["group"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("metadata:\n- {dataId: a}\n")]
    [InlineData("metadata:\n- dataId: 'a\n")]
    [InlineData("metadata:\n- dataId: |\n    a\n")]
    [InlineData("metadata:\n- dataId: 'a' b\n")]
    [InlineData("metadata:\n- dataId: \"\\UFFFFFFFF\"\n")]
    [InlineData("metadata:\n- dataId: \"\\U00110000\"\n")]
    [InlineData("metadata:\n- dataId: \"\\U0000D800\"\n")]
    [InlineData("metadata:\n- dataId: \"\\uD83D\"\n")]
    [InlineData("metadata:\n- dataId: \"\\uDE00\\uD83D\"\n")]
    [InlineData("metadata:\n- dataId: \"\\x\"\n")]
    public void What_is_not_expected_is_an_error(string yaml) => Assert.Throws<FormatException>(() => BlockYaml.Rows(yaml, TestContext.Current.CancellationToken));

    // A text of 300,000 lines is read in linear time; quadratic time would be minutes.
    [Theory]
    [InlineData("'", "x\n", "'")]
    [InlineData("\"", "x\n", "\"")]
    [InlineData("\"x\\\n", "\\\\\\\n", "\"")]
    [InlineData("x", "\n", "    y")]
    public async Task A_text_of_very_many_lines_is_read_at_once(string start, string line, string end)
    {
        string yaml = $"metadata:\n- dataId: a\n  desc: {start}{string.Concat(Enumerable.Repeat(line, 300_000))}{end}\n  group: G\n";

        IReadOnlyList<IReadOnlyDictionary<string, string>> rows = await Task.Run(() => BlockYaml.Rows(yaml, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Equal("G", Assert.Single(rows)["group"]);
    }

    [Fact]
    public void Reading_ends_where_it_is_cancelled() => Assert.Throws<OperationCanceledException>(() => ConsoleZip.Read(Encoding.UTF8.GetBytes(Recorded), new CancellationToken(canceled: true)));

    [Fact]
    public void A_zip_in_the_layout_of_the_console_has_each_group_in_a_folder_the_metadata_last_and_tells_of_tags()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "nacos.zip");
        using (var target = new ZipTarget(path, decrypts: true, ZipLayout.Nacos))
        {
            target.Open(mayHoldSecrets: false);
            target.Add(Config("app.yaml", "DEFAULT_GROUP", new ConfigMetadata { Type = "yaml", Tags = "x", Description = "d" }), "app.yaml");
            target.Add(Config("b.json", "SHOP", ConfigMetadata.None), "SHOP/b.json");
            target.Commit(deletes: false);

            Assert.Equal("The layout of the Nacos console has no tags: those of 'DEFAULT_GROUP/app.yaml' are not in the zip.", target.Loss);
        }

        using ZipArchive zip = ZipFile.OpenRead(path);
        using var reader = new StreamReader(zip.GetEntry(".metadata.yml")!.Open());
        Assert.Equal(["DEFAULT_GROUP/app.yaml", "SHOP/b.json", ".metadata.yml"], zip.Entries.Select(entry => entry.FullName));
        Assert.Equal("metadata:\n- appName: ''\n  dataId: app.yaml\n  desc: d\n  group: DEFAULT_GROUP\n  type: yaml\n- appName: ''\n  dataId: b.json\n  group: SHOP\n  type: json\n", reader.ReadToEnd());
    }

    [Fact]
    public void All_that_the_layout_has_no_place_for_is_told()
    {
        using var folder = new TemporaryFolder();
        using var target = new ZipTarget(Path.Combine(folder.Path, "nacos.zip"), decrypts: true, ZipLayout.Nacos);
        target.Open(mayHoldSecrets: false);
        target.Add(Config("a", "G", new ConfigMetadata { Use = "u", Rest = "e" }), "a");
        target.Add(Config("b", "G", new ConfigMetadata { Schema = "{}" }), "b");

        Assert.Equal("The layout of the Nacos console has no use, effect, schema: those of 2 configurations, as of 'G/a', are not in the zip.", target.Loss);
    }

    private static AcmConfig Config(string dataId, string group, ConfigMetadata metadata) => new()
    {
        DataId = dataId,
        Group = group,
        Namespace = "",
        Content = "a",
        RawContent = "a",
        Md5 = "0cc175b9c0f1b6a831c399e269772661",
        Charset = "utf-8",
        Source = ConfigSource.Server,
        Metadata = metadata,
    };
}
