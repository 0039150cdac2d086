using Acm.Client;
using Acm.Client.Protocol;
using Acm.Client.Reading;
using Acm.Client.Text;
using Acm.Client.Transfer;
using Acm.Tests.Local;

namespace Acm.Tests.Transfer;

/// <summary>Links that are created in the target of a running export.</summary>
public sealed class SwappedFolderTests : IDisposable
{
    private static readonly ConfigKey Key = new("a.yml", "SHOP");
    private readonly TemporaryFolder _folder = new();

    private string Target => Path.Combine(_folder.Path, "target");

    private string Outside => Path.Combine(_folder.Path, "outside");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_that_became_a_link_takes_nothing()
    {
        Directory.CreateDirectory(Path.Combine(Target, "SHOP"));
        Directory.CreateDirectory(Outside);
        using var target = new FolderTarget(Target, decrypts: false);
        target.Open(mayHoldSecrets: false);
        target.Add(Config(), "SHOP/a.yml");

        Directory.Delete(Path.Combine(Target, "SHOP"));
        Directory.CreateSymbolicLink(Path.Combine(Target, "SHOP"), Outside);
        ExportOutcome outcome = Assert.Single(target.Commit(deletes: false));

        Assert.Equal(AcmErrorKind.StorageFailed, outcome.Error?.Kind);
        Assert.Contains("symbolic link", outcome.Error!.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(Outside));
    }

    [Fact]
    public void Nothing_is_deleted_behind_a_folder_that_became_a_link()
    {
        _folder.Write("target/SHOP/old.yml", "old");
        _folder.Write("outside/old.yml", "somebody's");
        using var target = new FolderTarget(Target, decrypts: false);
        Assert.Single(target.FindObsolete(_ => true));
        target.Open(mayHoldSecrets: false);

        Directory.Delete(Path.Combine(Target, "SHOP"), recursive: true);
        Directory.CreateSymbolicLink(Path.Combine(Target, "SHOP"), Outside);
        ExportOutcome outcome = Assert.Single(target.Commit(deletes: true));

        Assert.NotNull(outcome.Error);
        Assert.True(File.Exists(Path.Combine(Outside, "old.yml")));
    }

    [Fact]
    public void A_lock_that_is_a_link_is_not_followed()
    {
        string planted = Path.Combine(Target, ".acm-export-000000000000");
        Directory.CreateDirectory(planted);
        File.CreateSymbolicLink(Path.Combine(planted, "lock"), Outside);

        using (StagingFolder.Open(Target))
        {
            Assert.False(File.Exists(Outside));
            Assert.False(Directory.Exists(planted));
        }
    }

    private static AcmConfig Config() => ConfigFactory.FromServer("", Key, new ServerValue { Text = "v", Bytes = "v"u8.ToArray(), Md5 = Md5Hex.Of("v"u8.ToArray()), Charset = "gbk", Server = "127.0.0.1:1" });
}
