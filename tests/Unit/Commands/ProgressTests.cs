using System.Management.Automation;
using Acm.Tests.Support;

namespace Acm.Tests.Commands;

/// <summary>
/// No progress is shown while output is written, because PowerShell's console host hangs if Ctrl+C arrives while it writes below a progress bar (PowerShell issue 12814).
/// </summary>
public sealed class ProgressTests
{
    private const string TwoKeys = """{"totalCount":2,"pageNumber":1,"pagesAvailable":1,"pageItems":[{"appName":"","dataId":"a","group":"G"},{"appName":"","dataId":"b","group":"G"}]}""";

    // Long enough for two progress records.
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData("Get-AcmConfig * -Group * -ThrottleLimit 1")]
    [InlineData("'a', 'none', 'b' | Get-AcmConfig -Group G -ThrottleLimit 1")]
    [InlineData("'none', 'a', 'b' | Get-AcmConfig -Group G -ThrottleLimit 1")]
    [InlineData("Get-AcmConfig * -Group * -ThrottleLimit 1 -Verbose")]
    [InlineData("Get-AcmConfig * -Group * -ThrottleLimit 1 | ForEach-Object { $_ }")]
    public async Task It_is_away_while_something_is_written_and_does_not_come_back_after_the_first_row(string script)
    {
        var shown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new ScriptedServer(request =>
            request.IsList ? ScriptedReply.Text(200, "application/json", TwoKeys) with { Gate = shown.Task }
            : request.IsBatch ? ScriptedReply.Status(404)
            : (request.Field("dataId") == "none" ? ScriptedReply.Missing : ScriptedReply.Content("v")) with { Gate = request.Field("dataId") == "b" ? Task.Delay(Slow) : shown.Task });
        using ModuleShell shell = ModuleShell.Open();
        shell["endpoint"] = server.Address;
        shell.Run("$null = Connect-Acm $endpoint -Direct -NoSnapshot -TimeoutSec 600 -TotalTimeoutSec 3600 -FailoverPath /no-such-folder").ThrowOnError();
        using var powerShell = PowerShell.Create(shell.Runspace);
        var told = new List<(string Stream, ProgressRecordType? Progress)>();
        var output = new PSDataCollection<PSObject>();
        output.DataAdded += (_, _) => told.Add(("output", null));
        powerShell.Streams.Error.DataAdded += (_, _) => told.Add(("error", null));
        powerShell.Streams.Verbose.DataAdded += (_, _) => told.Add(("verbose", null));
        powerShell.Streams.Progress.DataAdded += (_, e) =>
        {
            told.Add(("progress", powerShell.Streams.Progress[e.Index].RecordType));
            shown.TrySetResult();
        };

        IAsyncResult running = powerShell.AddScript(script).BeginInvoke<PSObject, PSObject>(null, output);
        await Task.Factory.FromAsync(running, powerShell.EndInvoke).WaitAsync(ModuleShell.Deadline, TestContext.Current.CancellationToken);

        Assert.Equal(2, output.Count);
        Assert.Contains(("progress", ProgressRecordType.Processing), told);
        int firstRow = told.FindIndex(one => one.Stream == "output");
        Assert.DoesNotContain(told.Skip(firstRow), one => one.Stream == "progress");
        for (int i = 1; i < told.Count; i++)
            Assert.False(told[i].Stream != "progress" && told[i - 1].Progress == ProgressRecordType.Processing, $"{told[i].Stream} was written under a progress bar.");
    }

    /// <summary>End to end in a terminal: with a progress bar, the shell queries the cursor position for each row, and on Ctrl+C the terminal discards the answer.</summary>
    [Fact]
    public async Task Ctrl_C_in_a_terminal_while_rows_scroll_ends_the_command()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The pseudo-terminal is that of util-linux.");
        const int Rows = 40;
        using var files = new TemporaryFiles();
        var shown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        string keys = string.Join(",", Enumerable.Range(10, Rows).Select(i => $$"""{"appName":"","dataId":"row-{{i}}","group":"G"}"""));
        await using var server = new ScriptedServer(request =>
            request.IsList ? ScriptedReply.Text(200, "application/json", $$"""{"totalCount":{{Rows}},"pageNumber":1,"pagesAvailable":1,"pageItems":[{{keys}}]}""") with { Gate = shown.Task }
            : request.IsBatch ? ScriptedReply.Status(404)
            : request.Field("dataId") == "row-40" ? ScriptedReply.Hang
            : ScriptedReply.Content("v"));
        string script = files.Write("scroll.ps1", $"$null = Connect-Acm {server.Address} -Direct -NoSnapshot -TimeoutSec 600 -TotalTimeoutSec 3600 -FailoverPath /no-such-folder\nGet-AcmConfig * -Group * -ThrottleLimit 1\n");
        using var terminal = new PowerShellTerminal(script, awaited: "Reading", interruptedAt: "row-30");
        _ = terminal.Seen.ContinueWith(_ => shown.TrySetResult(), TaskScheduler.Default);

        Task ended = await Task.WhenAny(terminal.End, Task.Delay(ModuleShell.Deadline, TestContext.Current.CancellationToken));

        Assert.True(ended == terminal.End, "The shell hangs. Its screen: " + terminal.Screen.Replace('\e', '^'));
        Assert.Contains("row-10", terminal.Screen, StringComparison.Ordinal);
    }
}
