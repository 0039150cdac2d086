using System.Text;
using Acm.Client;
using Acm.Client.Text;
using Acm.Client.Transfer;
using Acm.Tests.Local;

namespace Acm.Tests.Transfer;

/// <summary>The permissions of exported files. The Python CLI writes decrypted secrets that everybody can read.</summary>
public sealed class ExportRightsTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Shared = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void S12_a_decrypted_secret_is_for_its_owner_only_and_so_is_the_folder_that_is_made_for_it()
    {
        if (OperatingSystem.IsWindows()) return;

        string root = Path.Combine(_folder.Path, "out");
        Export(root, decrypts: true, (Secret("cipher-db", "SHOP", "plain", "cipher"), "SHOP/cipher-db"), (Plain("a", "1"), "a"));

        Assert.Equal(OwnerOnly, File.GetUnixFileMode(Path.Combine(root, "SHOP", "cipher-db")));
        Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(root, "SHOP")));
        Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(root));
        Assert.Equal("plain", File.ReadAllText(Path.Combine(root, "SHOP", "cipher-db")));
        Assert.False(File.Exists(Path.Combine(root, TransferRecord.FileName)));
    }

    [Fact]
    public void S12_a_decrypted_secret_that_lay_open_is_closed_also_where_it_did_not_change()
    {
        if (OperatingSystem.IsWindows()) return;

        string same = _folder.Write("out/cipher-same", "plain");
        string other = _folder.Write("out/cipher-other", "old");
        File.SetUnixFileMode(same, Shared);
        File.SetUnixFileMode(other, Shared);

        Export(Path.Combine(_folder.Path, "out"), decrypts: true, (Secret("cipher-same", "DEFAULT_GROUP", "plain", "c1"), "cipher-same"), (Secret("cipher-other", "DEFAULT_GROUP", "plain", "c2"), "cipher-other"));

        Assert.Equal(OwnerOnly, File.GetUnixFileMode(same));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(other));
    }

    [Fact]
    public void A_plain_file_has_the_rights_of_every_new_file_and_keeps_those_that_somebody_gave_it()
    {
        if (OperatingSystem.IsWindows()) return;

        string ordinary = _folder.Write("ordinary", "x");
        string closed = _folder.Write("out/closed", "old");
        File.SetUnixFileMode(closed, OwnerOnly);

        Export(Path.Combine(_folder.Path, "out"), decrypts: true, (Plain("closed", "new"), "closed"), (Plain("new", "new"), "new"));

        Assert.Equal(OwnerOnly, File.GetUnixFileMode(closed));
        Assert.Equal(File.GetUnixFileMode(ordinary), File.GetUnixFileMode(Path.Combine(_folder.Path, "out", "new")));
    }

    [Fact]
    public void Cipher_text_is_written_as_it_is_and_recorded_with_its_data_key_and_MD5()
    {
        string root = Path.Combine(_folder.Path, "out");
        Export(root, decrypts: false, (Secret("cipher-kms-aes-128-db", "g", "plain", "cipher text", dataKey: "a data key"), "g/cipher-kms-aes-128-db"), (Secret("cipher-db", "g", "plain", "blob"), "g/cipher-db"));

        TransferRecord record = TransferRecord.Parse(File.ReadAllBytes(Path.Combine(root, TransferRecord.FileName)), "");
        Assert.Equal("cipher text", File.ReadAllText(Path.Combine(root, "g", "cipher-kms-aes-128-db")));
        Assert.Equal(
            new TransferRecordEntry { Key = new ConfigKey("cipher-kms-aes-128-db", "g"), IsCipherText = true, Metadata = ConfigMetadata.OfDataKey("a data key"), Md5 = Md5Hex.Of(Encoding.UTF8.GetBytes("cipher text")) },
            record.Files["g/cipher-kms-aes-128-db"]);
        Assert.Equal((true, null), (record.Files["g/cipher-db"].IsCipherText, record.Files["g/cipher-db"].Metadata.EncryptedDataKey));
    }

    [Fact]
    public void A_decrypted_export_over_cipher_text_drops_its_record()
    {
        string root = Path.Combine(_folder.Path, "out");
        AcmConfig config = Secret("cipher-db", "g", "plain", "blob");
        Export(root, decrypts: false, (config, "g/cipher-db"));

        Export(root, decrypts: true, (config, "g/cipher-db"));

        Assert.Equal(["out/g/cipher-db"], _folder.Files());
    }

    [Fact]
    public void S12_a_zip_with_a_decrypted_secret_is_for_its_owner_only()
    {
        if (OperatingSystem.IsWindows()) return;

        string open = _folder.Write("secret.zip", "an old one");
        File.SetUnixFileMode(open, Shared);
        foreach (string name in new[] { "secret.zip", "plain.zip" })
        {
            bool isSecret = name == "secret.zip";
            using var target = new ZipTarget(Path.Combine(_folder.Path, name), decrypts: true, ZipLayout.Acm);
            target.Open(mayHoldSecrets: isSecret);
            target.Add(isSecret ? Secret("cipher-db", "g", "plain", "blob") : Plain("a", "1"), "a");
            target.Commit(deletes: false);
        }

        Assert.Equal(OwnerOnly, File.GetUnixFileMode(open));
        Assert.Equal(File.GetUnixFileMode(_folder.Write("ordinary", "x")), File.GetUnixFileMode(Path.Combine(_folder.Path, "plain.zip")));
    }

    private static void Export(string root, bool decrypts, params (AcmConfig Config, string Path)[] configs)
    {
        using var target = new FolderTarget(root, decrypts);
        target.Open(mayHoldSecrets: decrypts && configs.Any(config => Acm.Client.Encryption.ConfigCipher.Concerns(config.Config.Key)));
        foreach ((AcmConfig config, string path) in configs) target.Add(config, path);
        Assert.All(target.Commit(deletes: false), outcome => Assert.Null(outcome.Error));
    }

    private static AcmConfig Plain(string dataId, string text) => Secret(dataId, "DEFAULT_GROUP", text, text);

    private static AcmConfig Secret(string dataId, string group, string text, string cipherText, string? dataKey = null) => new()
    {
        DataId = dataId,
        Group = group,
        Namespace = "",
        Content = text,
        RawContent = cipherText,
        RawBytes = Encoding.ASCII.GetBytes(cipherText),
        Md5 = Md5Hex.Of(Encoding.ASCII.GetBytes(cipherText)),
        Charset = "gbk",
        Source = ConfigSource.Server,
        EncryptedDataKey = dataKey,
    };
}
