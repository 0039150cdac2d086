using System.Globalization;
using System.IO.Compression;
using Acm.Client;
using Acm.Client.Transfer;
using Acm.Tests.Local;
using Acm.Tests.Support;

namespace Acm.Tests.Transfer;

/// <summary>Exports in a separate shell that is killed in the middle. For 20 random moments run <c>dotnet run -c Release --project benchmarks -- export-kills</c>.</summary>
public sealed class ExportKilledTests : IAsyncLifetime
{
    private const int Count = 300;

    private readonly TemporaryFolder _folder = new();
    private AcmServerProcess _server = null!;
    private AcmClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await AcmServerProcess.StartAsync("--latency-ms", "5");
        _client = new AcmClient(new AcmClientOptions { Endpoint = _server.Uri.Authority, Direct = true, NoSnapshot = true });
        await Parallel.ForEachAsync(Enumerable.Range(0, Count), async (i, cancellationToken) => await _client.PublishAsync(new ConfigKey(Name(i)), New(i), cancellationToken: cancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("gathering")]
    [InlineData("moving")]
    public async Task Every_file_is_the_old_or_the_new_one_and_the_next_export_ends_the_job(string moment)
    {
        string target = Path.Combine(_folder.Path, "out");
        for (int i = 0; i < Count; i++) _folder.Write("out/" + Name(i), Old(i));

        await KillAsync(target, () => moment == "gathering" ? Directory.EnumerateFiles(target, "*", Everything).Count() > Count + 50 : Enumerable.Range(0, Count).Any(i => Read(target, i) == New(i)));
        string[] killed = [.. Enumerable.Range(0, Count).Select(i => Read(target, i))];
        await Clients.InTime(new ConfigExporter(_client, new ExportOptions { Delete = true }).ToFolderAsync(target));

        for (int i = 0; i < Count; i++) Assert.True(killed[i] == Old(i) || killed[i] == New(i), killed[i]);
        Assert.Equal(Enumerable.Range(0, Count).Select(i => "out/" + Name(i)), _folder.Files());
        for (int i = 0; i < Count; i++) Assert.Equal(New(i), Read(target, i));
    }

    [Fact]
    public async Task R20_a_zip_is_the_old_or_the_new_one_and_the_next_export_replaces_it_and_leaves_nothing_beside_it()
    {
        string target = Path.Combine(_folder.Path, "out.zip");
        _folder.Write("out.zip", "the old one");

        await KillAsync(target, () => Directory.EnumerateFiles(_folder.Path, ".out.zip.*", Everything).Any(file => new FileInfo(file).Length > 0));
        bool isOld = await File.ReadAllTextAsync(target, TestContext.Current.CancellationToken) == "the old one";
        int killedEntries = isOld ? Count : Entries(target);
        await Clients.InTime(new ConfigExporter(_client).ToZipAsync(target));

        // On a busy machine, the kill may come after the end; then the new export is complete.
        Assert.Equal(Count, killedEntries);
        Assert.Equal(["out.zip"], _folder.Files());
        Assert.Equal(Count, Entries(target));
    }

    private static int Entries(string path)
    {
        using ZipArchive zip = ZipFile.OpenRead(path);
        return zip.Entries.Count(entry => entry.Length > 1000);
    }

    private static EnumerationOptions Everything => new() { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = true };

    private static string Name(int i) => i.ToString("app-000", CultureInfo.InvariantCulture);

    private static string Old(int i) => $"old {i}";

    private static string New(int i) => string.Concat(Enumerable.Repeat($"new {i}\n", 300));

    private static string Read(string target, int i) => File.ReadAllText(Path.Combine(target, Name(i)));

    private async Task KillAsync(string target, Func<bool> isMoment)
    {
        using PowerShellProcess shell = PowerShellProcess.Start(
            ["-Command", $"$null = Connect-Acm {_server.Uri.Authority} -Direct -NoSnapshot; 'ready'; $null = Export-AcmConfig '{target}' -ThrottleLimit 1; 'done'; Start-Sleep 600"]);
        await shell.WaitForLineAsync("ready");
        Task done = shell.WaitForLineAsync("done");
        while (!isMoment() && !done.IsCompleted) continue;
        if (done.IsFaulted) await done;
        await shell.KillAsync();
    }
}
