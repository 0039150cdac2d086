using System.Security.Cryptography;
using System.Text;
using Acm.Client;
using Acm.Client.Transfer;
using Acm.Tests.Local;

namespace Acm.Tests.Transfer;

/// <summary>Export, remove, import and compare: 2,000 configurations are restored byte for byte from a folder and a zip.</summary>
public sealed class RoundTripTests : IDisposable
{
    private const int Count = 2000;
    private const int LargestContent = 102_400;

    private static readonly string[] LineEnds = ["\n", "\r\n", "\r", ""];
    private static readonly string[] Groups = [ConfigKey.DefaultGroup, "SHOP", "shop", "ACM:Test", "数据", "con", ".hidden", "trailing.", "app-7.yaml", new('G', 128)];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("out")]
    [InlineData("out.zip")]
    public async Task Two_thousand_configurations_of_every_kind_come_back_as_they_were(string target)
    {
        await using TransferNamespace server = await TransferNamespace.StartAsync();
        using AcmClient client = server.NewClient("ns-0001", options => options with { AllowUnicodeName = true });
        var random = new Random(2024);
        Dictionary<ConfigKey, string> configs = Configs(random);
        await Parallel.ForEachAsync(configs, TestContext.Current.CancellationToken, async (pair, token) => await client.PublishAsync(pair.Key, pair.Value, cancellationToken: token));
        Dictionary<ConfigKey, string> before = await Md5sAsync(client);
        string path = Path.Combine(_folder.Path, target);

        var exporter = new ConfigExporter(client);
        ExportSummary exported = await (target == "out" ? exporter.ToFolderAsync(path, TestContext.Current.CancellationToken) : exporter.ToZipAsync(path, TestContext.Current.CancellationToken));
        await Parallel.ForEachAsync(configs.Keys, TestContext.Current.CancellationToken, async (key, token) => await client.RemoveAsync(key, cancellationToken: token));
        Assert.Empty(await Md5sAsync(client));
        using ConfigSet set = target == "out" ? ConfigSet.OfFolder(path) : ConfigSet.OfZip(path);
        TransferPlan plan = await TransferPlan.MakeAsync(set, server.Set(client), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Empty(plan.Problems);
        TransferSummary imported = await plan.CarryOutAsync(cancellationToken: TestContext.Current.CancellationToken);
        TransferPlan again = await TransferPlan.CompareAsync(set, server.Set(client), new TransferOptions { IncludeRemoved = true }, TestContext.Current.CancellationToken);

        Assert.Equal(Count, exported.Exported);
        Assert.Equal(Count, imported.Added);
        Assert.True(imported.IsComplete);
        Dictionary<ConfigKey, string> after = await Md5sAsync(client);
        Assert.Equal(Count, after.Count);
        Assert.All(before, pair => Assert.Equal(pair.Value, after[pair.Key]));
        Assert.All(again.Items, item => Assert.Equal(DifferenceState.Unchanged, item.State));
    }

    [Fact]
    public async Task A_file_with_a_byte_order_mark_comes_back_without_it()
    {
        await using TransferNamespace server = await TransferNamespace.StartAsync();
        _folder.Write("in/bom", [0xEF, 0xBB, 0xBF, .. "a: 中\r\n"u8]);

        TransferPlan plan = await TransferPlan.MakeAsync(ConfigSet.OfFolder(Path.Combine(_folder.Path, "in")), server.Set(), cancellationToken: TestContext.Current.CancellationToken);
        await plan.CarryOutAsync(cancellationToken: TestContext.Current.CancellationToken);
        await new ConfigExporter(server.Client).ToFolderAsync(Path.Combine(_folder.Path, "out"), TestContext.Current.CancellationToken);

        Assert.Equal("a: 中\r\n"u8.ToArray(), await File.ReadAllBytesAsync(Path.Combine(_folder.Path, "out", "bom"), TestContext.Current.CancellationToken));
    }

    private static Dictionary<ConfigKey, string> Configs(Random random)
    {
        var configs = new Dictionary<ConfigKey, string>();
        string[] names = ["app.yaml", "APP.YAML", "App.yaml", ".env", "..hidden", "end.", "a:b", "-", "_", "nul", "NUL.txt", "com1", "SHOP", "shop", "中文.json", "é.txt", new string('x', 256), "p" + new string('中', 85), "cipher-text"];
        foreach (string group in Groups)
        {
            foreach (string name in names) configs[new ConfigKey(name, group)] = Text(random, random.Next(1, 400));
        }

        for (int i = 0; configs.Count < Count; i++)
        {
            int size = i % 400 == 0 ? LargestContent : random.Next(1, 3000);
            configs[new ConfigKey($"app-{i}.yaml", Groups[i % Groups.Length])] = Text(random, size);
        }

        // Encryption has separate tests; here no KMS is configured, so the prefix has no meaning.
        foreach (ConfigKey key in configs.Keys.Where(key => key.DataId.StartsWith("cipher-", StringComparison.Ordinal)).ToList())
        {
            configs.Remove(key);
            configs[new ConfigKey("Cipher-text", key.Group)] = Text(random, 100);
        }

        return configs;
    }

    /// <summary>Returns a text with a number of bytes in GBK, with words, Chinese characters and all line breaks; never blank.</summary>
    private static string Text(Random random, int bytes)
    {
        string end = LineEnds[random.Next(LineEnds.Length)];
        var text = new StringBuilder("k");
        int length = 1;
        while (length < bytes)
        {
            string part = random.Next(6) switch
            {
                0 => "中",
                1 => "：",
                2 => end,
                3 => "\t",
                4 => " ",
                _ => ((char)random.Next('!', '~')).ToString(),
            };
            int size = part.Length > 0 && part[0] > 127 ? 2 : part.Length;
            if (length + size > bytes) part = new string('z', size = bytes - length);
            text.Append(part);
            length += size;
        }

        return text.ToString();
    }

    private static async Task<Dictionary<ConfigKey, string>> Md5sAsync(AcmClient client)
    {
        var keys = new List<ConfigKey>();
        await foreach (ConfigItem item in client.ListAsync(cancellationToken: TestContext.Current.CancellationToken)) keys.Add(item.Key);
        IReadOnlyList<ConfigResult> read = await client.GetManyAsync(keys, cancellationToken: TestContext.Current.CancellationToken);
        return read.ToDictionary(result => result.Key, result => Convert.ToHexString(MD5.HashData(result.Config!.RawBytes.Span)));
    }
}
