using Acm.Client.Local;
using Acm.Client.Transfer;

namespace Acm.Tests.Local;

/// <summary>Files with secrets: even the leftovers of a killed process are only accessible to the owner.</summary>
public sealed class SecretFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_a_killed_process_left_of_a_file_is_removed_each_time_it_is_written()
    {
        string file = Path.Combine(_folder.Path, "x.env");

        for (int i = 0; i < 2; i++)
        {
            string abandoned = Old(LocalPath.SecretTemporaryFor(file));
            ConfigFileWriter.WriteSecret(file, [1]);
            Assert.False(File.Exists(abandoned));
        }

        Assert.Equal([file], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Nothing_else_is_removed()
    {
        string file = Path.Combine(_folder.Path, "x.env");
        string live = LocalPath.SecretTemporaryFor(file);
        File.WriteAllText(live, "half");
        string[] others = [live, Old(Path.Combine(_folder.Path, "x.env.notes.tmp")), Old(Path.Combine(_folder.Path, "x.env.tmp")), Old(LocalPath.SecretTemporaryFor(Path.Combine(_folder.Path, "y.env")))];

        ConfigFileWriter.WriteSecret(file, [1]);

        Assert.All(others, other => Assert.True(File.Exists(other)));
    }

    [Fact]
    public void A_half_written_file_is_named_after_the_file()
    {
        string temporary = Path.GetFileName(LocalPath.SecretTemporaryFor("/folder/.env"));
        string ofLong = Path.GetFileName(LocalPath.SecretTemporaryFor("/folder/" + new string('中', 80)));

        Assert.Matches(@"^\.env\.[0-9a-f]{32}\.tmp$", temporary);
        Assert.StartsWith("中中", ofLong, StringComparison.Ordinal);
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(ofLong), 1, 255);
    }

    private static string Old(string path)
    {
        File.WriteAllText(path, "SECRET=1");
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddHours(-1));
        return path;
    }
}
