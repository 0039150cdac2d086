using System.Diagnostics;
using Acm.Server.Storage;
using Acm.Tests.Support;

namespace Acm.Tests.Server;

public sealed class DataFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("acm-file-").FullName;

    private string DataPath => Path.Combine(_folder, "acm.db");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_link_to_a_data_file_in_use_is_refused(bool linksTheFolder)
    {
        if (OperatingSystem.IsWindows()) return;

        string link = Path.Combine(_folder, "link");
        File.CreateSymbolicLink(link, linksTheFolder ? _folder : DataPath);
        using var journal = new SqliteJournal(DataPath);

        IOException error = Assert.ThrowsAny<IOException>(() => new SqliteJournal(linksTheFolder ? Path.Combine(link, "acm.db") : link));

        Assert.Contains("another server uses it", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_opens_the_file_that_it_leads_to()
    {
        if (OperatingSystem.IsWindows()) return;

        string link = Path.Combine(_folder, "link.db");
        File.CreateSymbolicLink(link, DataPath);
        using var journal = new SqliteJournal(link);

        Assert.Throws<IOException>(() => new SqliteJournal(DataPath));
        Assert.False(File.Exists(link + ".lock"));
    }

    [Fact]
    public void A_file_with_a_second_name_is_refused_by_either()
    {
        if (OperatingSystem.IsWindows()) return;

        new SqliteJournal(DataPath).Dispose();
        string other = Path.Combine(_folder, "other.db");
        using (Process ln = Process.Start("ln", [DataPath, other])) ln.WaitForExit();

        foreach (string name in new[] { DataPath, other })
        {
            IOException error = Assert.ThrowsAny<IOException>(() => new SqliteJournal(name));
            Assert.Contains("2 names", error.Message, StringComparison.Ordinal);
        }

        File.Delete(other);
        new SqliteJournal(DataPath).Dispose();
    }

    [Fact]
    public async Task A_file_that_others_could_use_is_tightened_and_that_is_told()
    {
        if (OperatingSystem.IsWindows()) return;

        new SqliteJournal(DataPath).Dispose();
        File.WriteAllText(DataPath + ".lock", "");
        foreach (string file in new[] { DataPath, DataPath + ".lock" }) File.SetUnixFileMode(file, (UnixFileMode)Convert.ToInt32("666", 8));

        await using AcmServerProcess server = await AcmServerProcess.StartOnFileAsync(DataPath);
        await RawHttp.PostAsync(server.Uri, "/diamond-server/basestone.do?method=syncUpdateAll", "dataId=a&group=G&content=1");
        UnixFileMode[] modes = [.. Directory.GetFiles(_folder).Select(File.GetUnixFileMode)];
        await server.StopAsync();

        Assert.All(modes, mode => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode));
        Assert.Contains($"'{DataPath}' (mode 666). Its mode is 600 now.", server.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
