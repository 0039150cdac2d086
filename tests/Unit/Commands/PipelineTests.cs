using System.Diagnostics;
using System.Management.Automation;
using Acm.Tests.Support;

namespace Acm.Tests.Commands;

/// <summary>The bridge between pipeline and tasks, which all cmdlets use.</summary>
public sealed class PipelineTests(ModuleServer server) : IClassFixture<ModuleServer>
{
    [Theory]
    [InlineData("Get-AcmConfig a")]
    [InlineData("'a', 'b', 'c' | Get-AcmConfig")]
    [InlineData("Get-AcmConfig a*")]
    [InlineData("Find-AcmConfig")]
    [InlineData("Set-AcmConfig a 'x'")]
    [InlineData("Remove-AcmConfig a")]
    [InlineData("Test-AcmConnection")]
    public async Task Stopping_ends_a_command_whose_server_hangs(string script)
    {
        using var silent = new SilentServer();
        using ModuleShell shell = ModuleShell.Open();
        shell["endpoint"] = silent.Endpoint;
        shell.Run("$null = Connect-Acm $endpoint -Direct -NoSnapshot -TimeoutSec 600 -TotalTimeoutSec 3600 -FailoverPath /no-such-folder").ThrowOnError();
        RunningScript running = shell.Start(script);
        await silent.Asked;

        // In far less time than the time limit of the stopped requests.
        await running.StopAsync();

        Assert.Equal(["still alive"], shell.Run("'still alive'").Texts);
    }

    [Fact]
    public void The_first_result_ends_the_commands_before_it_without_an_error()
    {
        ModuleShell shell = server.Connect();
        shell.Run("1..300 | ForEach-Object { [pscustomobject]@{ DataId = \"k$_\"; Content = 'v' } } | Set-AcmConfig").ThrowOnError();

        ModuleResult result = shell.Run("Find-AcmConfig | Get-AcmConfig | Select-Object -First 2; 'next'");

        Assert.Empty(result.Errors);
        Assert.Equal(3, result.Output.Count);
        Assert.Equal("next", result.Texts[2]);
    }

    [Fact]
    public void Break_in_a_command_behind_ends_it_without_an_error()
    {
        ModuleShell shell = server.Connect();
        shell.Run("1..20 | ForEach-Object { [pscustomobject]@{ DataId = \"k$_\"; Content = 'v' } } | Set-AcmConfig").ThrowOnError();

        ModuleResult result = shell.Run("foreach ($i in 1) { Get-AcmConfig k* | ForEach-Object { 'one'; break } }; 'next'");

        Assert.Empty(result.Errors);
        Assert.Equal(["one", "next"], result.Texts);
    }

    [Fact]
    public void ErrorAction_Stop_ends_at_the_first_error()
    {
        ModuleShell shell = server.Connect();

        ModuleResult result = shell.Run("try { Get-AcmConfig a, b, c -ErrorAction Stop } catch { $_.FullyQualifiedErrorId }");

        Assert.Equal(["AcmConfigNotFound,AcmPowerShell.GetAcmConfigCommand"], result.Texts);
    }

    [Fact]
    public async Task What_takes_long_shows_progress_that_ends_completed()
    {
        using ModuleShell shell = ModuleShell.Open();
        using var silent = new SilentServer();
        shell["endpoint"] = silent.Endpoint;
        shell.Run("$null = Connect-Acm $endpoint -Direct -NoSnapshot -TimeoutSec 600 -TotalTimeoutSec 3600 -FailoverPath /no-such-folder").ThrowOnError();
        RunningScript running = shell.Start("Get-AcmConfig a");
        await running.FirstProgress;

        silent.Dispose();
        ModuleResult result = running.WaitForEnd();

        Assert.Equal("AcmServerUnavailable", result.ErrorId);
        Assert.True(result.Progress.Count >= 2);
        Assert.Single(result.Progress.Select(p => p.ActivityId).Distinct());
        Assert.Equal(ProgressRecordType.Completed, result.Progress[^1].RecordType);
        Assert.All(result.Progress.SkipLast(1), p => Assert.Equal(ProgressRecordType.Processing, p.RecordType));
    }

    [Fact]
    public void What_is_quick_shows_none()
    {
        ModuleShell shell = server.Connect();
        shell.Run("Set-AcmConfig a 'x'").ThrowOnError();
        var clock = Stopwatch.StartNew();

        ModuleResult result = shell.Run("Get-AcmConfig a");

        // "Quick" means less than half a second, which a busy machine may exceed.
        Assert.True(result.Progress.Count == 0 || clock.Elapsed >= TimeSpan.FromSeconds(0.5), $"It took {clock.Elapsed} and showed progress.");
    }

    [Fact]
    public void A_time_limit_of_one_command_is_its_own()
    {
        using ModuleShell shell = ModuleShell.Open();
        using var silent = new SilentServer();
        shell["endpoint"] = silent.Endpoint;
        shell.Run("$null = Connect-Acm $endpoint -Direct -NoSnapshot -TimeoutSec 600 -TotalTimeoutSec 2 -FailoverPath /no-such-folder").ThrowOnError();

        ModuleResult result = shell.Run("Get-AcmConfig a -TimeoutSec 0.1");

        Assert.Equal("AcmTimeout", result.ErrorId);
        Assert.Equal(ErrorCategory.OperationTimeout, result.Error.CategoryInfo.Category);
    }

    [Fact]
    public void The_advice_of_an_error_is_its_recommended_action()
    {
        using ModuleShell shell = ModuleShell.Open();
        shell.Run("$null = Connect-Acm 127.0.0.1:1 -Direct -NoSnapshot -FailoverPath /no-such-folder").ThrowOnError();

        ModuleResult result = shell.Run("Get-AcmConfig a");

        Assert.Equal("AcmServerUnavailable", result.ErrorId);
        Assert.Equal(ErrorCategory.ConnectionError, result.Error.CategoryInfo.Category);
        Assert.False(string.IsNullOrEmpty(result.Error.ErrorDetails?.RecommendedAction));
    }

    [Fact]
    public void A_trace_file_gets_the_same_lines_and_no_secret()
    {
        using var files = new TemporaryFiles();
        using ModuleShell shell = ModuleShell.Open();
        string trace = Path.Combine(files.Path, "trace.txt");
        shell["endpoint"] = server.Endpoint;
        shell["trace"] = trace;
        shell["ns"] = server.NewNamespace();

        shell.Run("""
            $secret = [System.Security.SecureString]::new(); 's3cr3t-key'.ToCharArray() | ForEach-Object { $secret.AppendChar($_) }
            $null = Connect-Acm $endpoint $ns -AccessKey LTAI1234567890xy -SecretKey $secret -TracePath $trace -NoSnapshot -FailoverPath /no-such-folder
            Set-AcmConfig a 'b0dy-of-it'; Get-AcmConfig a; Disconnect-Acm
            """).ThrowOnError();

        string text = File.ReadAllText(trace);
        Assert.Contains(server.Endpoint, text, StringComparison.Ordinal);
        Assert.Contains("Content-MD5", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("s3cr3t-key", text, StringComparison.Ordinal);
        Assert.DoesNotContain("LTAI1234567890xy", text, StringComparison.Ordinal);
        Assert.DoesNotContain("b0dy-of-it", text, StringComparison.Ordinal);
        Assert.DoesNotMatch("(?i)signature: *[A-Za-z0-9+/]{27}=", text);
    }

    [Fact]
    public void A_snapshot_answer_warns()
    {
        using var files = new TemporaryFiles();
        using ModuleShell shell = ModuleShell.Open();
        shell["folder"] = files.Path;
        using var stopped = new ModuleServer();
        shell["endpoint"] = stopped.Endpoint;
        shell.Run("$null = Connect-Acm $endpoint -SnapshotPath $folder/snapshot -FailoverPath $folder/failover; Set-AcmConfig a 'x'; $null = Get-AcmConfig a").ThrowOnError();
        stopped.Stop();

        ModuleResult result = shell.Run("Get-AcmConfig a | ForEach-Object { $_.Content; \"$($_.Source)\" }");
        ModuleResult without = shell.Run("Get-AcmConfig a -NoSnapshot");

        Assert.Equal(["x", "Snapshot"], result.Texts);
        Assert.Single(result.Warnings);
        Assert.Equal("AcmServerUnavailable", without.ErrorId);
        Assert.Empty(without.Output);
    }
}
