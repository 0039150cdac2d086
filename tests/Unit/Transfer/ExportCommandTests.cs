using System.Globalization;
using System.Management.Automation;
using Acm.Client;
using Acm.Tests.Support;

namespace Acm.Tests.Transfer;

/// <summary>Export-AcmConfig with a server latency of 20 ms.</summary>
public sealed class ExportCommandTests : IAsyncLifetime
{
    // The first hundred are read in one batch, and the rate is shown a second later; the rest takes three seconds.
    private const int Count = 250;

    private readonly TemporaryFiles _files = new();
    private readonly ModuleShell _shell = ModuleShell.Open();
    private AcmServerProcess _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await AcmServerProcess.StartAsync("--latency-ms", "20");
        using var client = new AcmClient(new AcmClientOptions { Endpoint = _server.Uri.Authority, Direct = true, NoSnapshot = true });

        // Each in its own group, so that they cannot be read in batches.
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Count),
            async (i, cancellationToken) => await client.PublishAsync(new ConfigKey("x", i.ToString("g-000", CultureInfo.InvariantCulture)), $"{i}", cancellationToken: cancellationToken));
        _shell.Location = _files.Path;
        _shell["endpoint"] = _server.Uri.Authority;
        _shell.Run("$null = Connect-Acm $endpoint -Direct -NoSnapshot -FailoverPath /no-such-folder").ThrowOnError();
    }

    public async ValueTask DisposeAsync()
    {
        _shell.Dispose();
        await _server.DisposeAsync();
        _files.Dispose();
    }

    [Fact]
    public void Progress_tells_how_many_how_fast_and_how_long_still()
    {
        ModuleResult result = _shell.Run("(Export-AcmConfig backup -ThrottleLimit 1).Exported");

        Assert.Equal([Count.ToString(CultureInfo.InvariantCulture)], result.Texts);
        ProgressRecord[] records = [.. result.Progress.Where(record => record.RecordType == ProgressRecordType.Processing)];
        Assert.All(records, record => Assert.Equal("Exporting configurations", record.Activity));
        ProgressRecord last = records[^1];
        Assert.Contains($" of {Count}, ", last.StatusDescription, StringComparison.Ordinal);
        Assert.EndsWith(" a second", last.StatusDescription, StringComparison.Ordinal);
        Assert.InRange(last.SecondsRemaining, 0, 60);
        Assert.InRange(last.PercentComplete, 1, 100);
        Assert.StartsWith("g-", last.CurrentOperation, StringComparison.Ordinal);
        Assert.Equal(ProgressRecordType.Completed, result.Progress[^1].RecordType);
    }

    [Theory]
    [InlineData("backup.zip", "backup.zip")]
    [InlineData("backup", "backup/g-000/x")]
    public async Task Ctrl_C_leaves_the_old_state_and_nothing_beside_it(string target, string old)
    {
        _files.Write(old, "old");

        // The last ones get no response, so the export cannot complete before it is stopped.
        string list = string.Join(',', Enumerable.Range(0, Count).Select(i => $$"""{"dataId":"x","group":"{{i.ToString("g-000", CultureInfo.InvariantCulture)}}"}"""));
        int asked = 0;
        await using var server = new ScriptedServer(request =>
            request.IsList ? ScriptedReply.Text(200, "application/json", $$"""{"totalCount":{{Count}},"pageNumber":1,"pagesAvailable":1,"pageItems":[{{list}}]}""")
            : request.IsBatch ? ScriptedReply.Missing
            : Interlocked.Increment(ref asked) <= Count - 20 ? ScriptedReply.Content("new") : ScriptedReply.Hang);
        _shell.Run($"$null = Connect-Acm {server.Address} -Direct -NoSnapshot -FailoverPath /no-such-folder -TimeoutSec 600 -TotalTimeoutSec 3600").ThrowOnError();
        RunningScript script = _shell.Start($"Export-AcmConfig {target} -ThrottleLimit 1");
        await Polling.UntilAsync(() => Files().Length > 2 || Files().Any(file => file.StartsWith('.')));

        await script.StopAsync();
        script.WaitForEnd();

        await Polling.UntilAsync(() => Files().Length == 1);
        Assert.Equal([old], Files());
        Assert.Equal("old", await File.ReadAllTextAsync(Path.Combine(_files.Path, old), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_pipeline_that_wants_no_more_leaves_nothing_beside_the_files()
    {
        ModuleResult result = _shell.Run("Export-AcmConfig backup -PassThru | Select-Object -First 1 | ForEach-Object { \"$($_.State)\" }");

        Assert.Equal(["Exported"], result.Texts);
        await Polling.UntilAsync(() => !Directory.EnumerateDirectories(Path.Combine(_files.Path, "backup"), ".*").Any());
        Assert.Equal(Count, Files().Length);
    }

    private string[] Files() =>
        [.. Directory.EnumerateFiles(_files.Path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = true }).Select(file => Path.GetRelativePath(_files.Path, file).Replace('\\', '/'))];
}
