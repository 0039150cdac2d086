using System.Security.Cryptography;
using System.Text;
using Acm.Client;
using Acm.Client.Local;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.Local;

public sealed class FailoverStoreTests : IDisposable
{
    private static readonly byte[] ChineseInGbk = [0xD6, 0xD0, 0xCE, 0xC4];
    private static readonly ConfigKey App = new("app.yaml");

    private readonly TemporaryFolder _folder = new();
    private readonly FailoverStore _store;

    public FailoverStoreTests() => _store = new FailoverStore(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void No_folder_and_no_file_are_no_value()
    {
        var nowhere = new FailoverStore(Path.Combine(_folder.Path, "none"));

        Assert.Null(nowhere.Read("", App));
        Assert.Null(_store.Read("", App));
    }

    [Theory]
    [InlineData("_blank/_default/app.yaml", "", "DEFAULT_GROUP", "app.yaml")]
    [InlineData("_blank/DEFAULT_GROUP/app.yaml", "", "DEFAULT_GROUP", "app.yaml")]
    [InlineData("app.yaml+DEFAULT_GROUP+", "", "DEFAULT_GROUP", "app.yaml")]
    [InlineData("App.yaml+G+Prod", "Prod", "G", "App.yaml")]
    [InlineData("%50rod/%41%43%4D/%41pp.yaml", "Prod", "ACM", "App.yaml")]
    [InlineData("Prod/ACM/App.yaml", "Prod", "ACM", "App.yaml")]
    [InlineData("%50rod/ACM/App.yaml", "Prod", "ACM", "App.yaml")]
    [InlineData("命名空间/分组/数据", "命名空间", "分组", "数据")]
    [InlineData("_blank/_default/.env", "", "DEFAULT_GROUP", ".env")]
    public void A_value_is_found_where_this_module_a_person_or_the_Python_SDK_puts_it(string file, string ns, string group, string dataId)
    {
        string path = _folder.Write(file, "a: 中文");

        StoredConfig? stored = _store.Read(ns, new ConfigKey(dataId, group));

        Assert.Equal("a: 中文", stored?.Text);
        Assert.Equal(path, Path.GetFullPath(stored!.Path));
        Assert.Null(stored.Metadata.EncryptedDataKey);
        Assert.Equal("UTF-8", stored.Charset);
    }

    [Fact]
    public void The_modules_own_layout_goes_before_a_persons_and_that_before_the_Python_SDKs()
    {
        string own = _folder.Write("_blank/_default/app.yaml", "own");
        string plain = _folder.Write("_blank/DEFAULT_GROUP/app.yaml", "plain");
        _folder.Write("app.yaml+DEFAULT_GROUP+", "python");

        string? first = _store.Read("", App)?.Text;
        File.Delete(own);
        string? second = _store.Read("", App)?.Text;
        File.Delete(plain);
        string? third = _store.Read("", App)?.Text;

        Assert.Equal(("own", "plain", "python"), (first, second, third));
    }

    [Theory]
    [InlineData("_blank", "DEFAULT_GROUP", "app.yaml")]
    [InlineData("", "_default", "app.yaml")]
    [InlineData("", "default_group", "app.yaml")]
    [InlineData("", "DEFAULT_GROUP", "APP.YAML")]
    public void R19_another_configurations_file_is_not_taken(string ns, string group, string dataId)
    {
        _folder.Write("_blank/_default/app.yaml", "other");
        _folder.Write("_blank/DEFAULT_GROUP/app.yaml", "other");

        Assert.Null(_store.Read(ns, new ConfigKey(dataId, group)));
    }

    [Theory]
    [InlineData("..", "DEFAULT_GROUP", "secret")]
    [InlineData("", "..", "secret")]
    [InlineData("", "DEFAULT_GROUP", "../../../secret")]
    [InlineData("../..", "x", "secret")]
    [InlineData("/", "x", "secret")]
    public void S4_a_name_with_dots_or_slashes_never_reads_outside_the_failover_folder(string ns, string group, string dataId)
    {
        foreach (string file in new[] { "secret", "x/secret", "outer/secret", "outer/x/secret", "outer/_default/secret", "outer/DEFAULT_GROUP/secret" }) _folder.Write(file, "secret");
        _folder.Write("outer/base/_blank/DEFAULT_GROUP/app.yaml", "a");
        var store = new FailoverStore(Path.Combine(_folder.Path, "outer", "base"));

        Assert.Null(store.Read(ns, new ConfigKey(dataId, group)));
    }

    [Fact]
    public void R8_an_empty_file_counts()
    {
        _folder.Write("_blank/_default/app.yaml", "");

        StoredConfig? stored = _store.Read("", App);

        Assert.Equal("", stored?.Text);
        Assert.Equal("d41d8cd98f00b204e9800998ecf8427e", stored?.Md5);
    }

    [Fact]
    public void R11_a_read_only_file_that_somebody_has_open_is_read()
    {
        string path = _folder.Write("_blank/_default/app.yaml", "a");
        File.SetAttributes(path, FileAttributes.ReadOnly);
        try
        {
            using var other = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

            Assert.Equal("a", _store.Read("", App)?.Text);
        }
        finally
        {
            File.SetAttributes(path, FileAttributes.Normal);
        }
    }

    [Fact]
    public void A_leading_byte_order_mark_is_dropped()
    {
        _folder.Write("_blank/_default/app.yaml", [0xEF, 0xBB, 0xBF, (byte)'a']);

        StoredConfig? stored = _store.Read("", App);

        Assert.Equal("a", stored?.Text);
        Assert.Equal([(byte)'a'], stored!.Bytes);
    }

    [Fact]
    public void What_is_not_UTF8_is_read_as_GBK()
    {
        _folder.Write("_blank/_default/app.yaml", ChineseInGbk);

        StoredConfig? stored = _store.Read("", App);

        Assert.Equal(("中文", "GBK"), (stored?.Text, stored?.Charset));
        Assert.Equal(ChineseInGbk, stored!.Bytes);
    }

    [Fact]
    public void What_is_neither_is_an_error_that_names_the_file_and_is_not_passed_over()
    {
        string path = _folder.Write("_blank/_default/app.yaml", [0xFF, 0xFE]);
        _folder.Write("app.yaml+DEFAULT_GROUP+", "python");

        var error = Assert.Throws<AcmException>(() => _store.Read("", App));

        Assert.Equal(AcmErrorKind.InvalidContent, error.Kind);
        Assert.Contains(path, error.Message.Replace('\\', '/'), StringComparison.Ordinal);
        Assert.Contains("byte FF at offset 0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_in_the_place_of_the_file_is_an_error_that_names_it_and_is_not_passed_over()
    {
        string path = Path.Combine(_folder.Path, "_blank", "_default", "app.yaml");
        Directory.CreateDirectory(path);
        _folder.Write("app.yaml+DEFAULT_GROUP+", "python");

        var error = Assert.Throws<AcmException>(() => _store.Read("", App));

        Assert.Equal(AcmErrorKind.StorageFailed, error.Kind);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_snapshot_copied_over_is_a_failover_file_with_all_it_had()
    {
        // Valid UTF-8 as well, so that only the side file tells the charset.
        byte[] bytes = Encoding.UTF8.GetBytes("é");
        Save(bytes, "GBK", "key==");

        StoredConfig? stored = _store.Read("", App);

        Assert.Equal("茅", stored?.Text);
        Assert.Equal("key==", stored?.Metadata.EncryptedDataKey);
        Assert.Equal(Convert.ToHexStringLower(MD5.HashData(bytes)), stored?.Md5);
    }

    [Fact]
    public void A_file_edited_since_it_was_copied_is_read_as_a_file_without_side_file()
    {
        Save(ChineseInGbk, "GBK", "key==");
        _folder.Write("_blank/_default/app.yaml", "é");

        StoredConfig? stored = _store.Read("", App);

        Assert.Equal(("é", "UTF-8"), (stored?.Text, stored?.Charset));
        Assert.Null(stored?.Metadata.EncryptedDataKey);
    }

    [Fact]
    public void A_base_path_that_is_a_regular_file_holds_nothing()
    {
        string file = _folder.Write("file", "a");

        Assert.Null(new FailoverStore(file).Read("", App));
        Assert.Null(new FailoverStore(Path.Combine(file, "below")).Read("", App));
    }

    private void Save(byte[] bytes, string charset, string? encryptedDataKey) =>
        new SnapshotStore(_folder.Path, new FakeTimeProvider()).Save("", App, bytes, Convert.ToHexStringLower(MD5.HashData(bytes)), charset, ConfigMetadata.OfDataKey(encryptedDataKey), lastModified: null);
}
