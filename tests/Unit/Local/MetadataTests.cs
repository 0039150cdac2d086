using System.Reflection;
using Acm.Client;
using Acm.Client.Local;
using Acm.Client.Text;
using Acm.Client.Transfer;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.Local;

/// <summary>All metadata are kept together with the content.</summary>
public sealed class MetadataTests : IDisposable
{
    private static readonly ConfigKey Key = new("app.yaml");
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Properties => [.. typeof(ConfigMetadata).GetProperties().Where(property => property.CanWrite).Select(property => property.Name)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Properties))]
    public void Snapshots_and_records_of_exports_keep_it(string property)
    {
        ConfigMetadata data = With(property, "x, 中文");
        var record = new TransferRecord { Files = { ["a"] = new TransferRecordEntry { Key = Key, Metadata = data } } };

        Save("v", data);

        Assert.Equal(data, new SnapshotStore(_folder.Path, new FakeTimeProvider()).Read("ns", Key).Config!.Metadata);
        Assert.Equal(data, TransferRecord.Parse(record.ToBytes(), "x").Files["a"].Metadata);
    }

    [Theory]
    [MemberData(nameof(Properties))]
    public void What_is_not_given_is_taken_from_another_but_for_the_data_key(string property)
    {
        ConfigMetadata other = With(property, "other");
        ConfigMetadata own = With(property, "own");

        Assert.Equal(property == nameof(ConfigMetadata.EncryptedDataKey) ? ConfigMetadata.None : other, ConfigMetadata.None.Or(other));
        Assert.Equal(own, own.Or(other));
    }

    [Fact]
    public void A_snapshot_is_written_again_for_metadata_that_it_does_not_have_and_not_for_less()
    {
        var store = new SnapshotStore(_folder.Path, new FakeTimeProvider());
        var typed = new ConfigMetadata { Type = "yaml", AppName = "shop" };

        bool[] written = [Save("v", ConfigMetadata.None, store), Save("v", typed, store), Save("v", new() { AppName = "shop" }, store), Save("v", new() { AppName = "till" }, store)];

        Assert.Equal([true, true, false, true], written);
    }

    [Fact]
    public void A_snapshot_whose_data_key_has_gone_is_written_again()
    {
        var store = new SnapshotStore(_folder.Path, new FakeTimeProvider());
        Save("v", ConfigMetadata.OfDataKey("key"), store);

        Assert.True(Save("v", ConfigMetadata.None, store));
    }

    private bool Save(string text, ConfigMetadata data, SnapshotStore? store = null)
    {
        byte[] bytes = StrictUtf8.GetBytes(text);
        return (store ?? new SnapshotStore(_folder.Path, new FakeTimeProvider())).Save("ns", Key, bytes, Md5Hex.Of(bytes), "UTF-8", data, lastModified: null);
    }

    private static ConfigMetadata With(string property, string value)
    {
        var data = new ConfigMetadata();
        PropertyInfo info = typeof(ConfigMetadata).GetProperty(property)!;
        info.SetValue(data, value);
        return data;
    }
}
