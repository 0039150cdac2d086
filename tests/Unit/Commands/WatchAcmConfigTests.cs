using System.Management.Automation;
using Acm.Tests.Support;

namespace Acm.Tests.Commands;

public sealed class WatchAcmConfigTests(ModuleServer server) : IClassFixture<ModuleServer>
{
    [Fact]
    public void Select_first_waits_for_a_release_flag()
    {
        string ns = server.NewNamespace();
        ModuleShell shell = server.Connect(ns);
        ModuleShell other = server.Connect(ns);
        shell.Run("Set-AcmConfig app.json 'off'").ThrowOnError();

        RunningScript waiting = shell.Start("Watch-AcmConfig app.json -NoInitial | Select-Object -First 1");
        // A change before the watcher's first read becomes its initial value, so the flag is toggled until the watcher reports it.
        ModuleResult result = Toggle(other, "app.json", waiting);

        PSObject change = Assert.Single(result.Output);
        Assert.Empty(result.Errors);
        Assert.Equal("Changed", change.Properties["Kind"].Value.ToString());
        Assert.Contains("AcmPowerShell.AcmConfigChange", change.TypeNames);
        Assert.StartsWith("v", (string)change.Properties["Content"].Value, StringComparison.Ordinal);
    }

    [Fact]
    public void The_values_that_are_there_come_first_several_keys_at_once()
    {
        ModuleShell shell = server.Connect();
        shell.Run("Set-AcmConfig a '1'; Set-AcmConfig b '2' -Group G").ThrowOnError();

        ModuleResult result = shell.Run("Watch-AcmConfig a, b*, missing -Group DEFAULT_GROUP, G | Select-Object -First 2");

        Assert.Empty(result.Errors);
        Assert.Equal(["Initial DEFAULT_GROUP/a", "Initial G/b"], result.Texts.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void TimeoutSec_ends_the_watching_without_an_error()
    {
        ModuleShell shell = server.Connect();

        ModuleResult result = shell.Run("Watch-AcmConfig missing -TimeoutSec 0.2; 'after'");

        Assert.Empty(result.Errors);
        Assert.Equal(["after"], result.Texts);
    }

    [Fact]
    public async Task Stopping_the_pipeline_ends_the_watching()
    {
        ModuleShell shell = server.Connect();
        shell.Run("Set-AcmConfig a '1'").ThrowOnError();
        RunningScript watching = shell.Start("Watch-AcmConfig a");
        await watching.FirstOutput;

        await watching.StopAsync();

        Assert.Equal(["next"], shell.Run("'next'").Texts);
    }

    [Fact]
    public async Task Disconnecting_in_an_action_ends_the_watching_with_an_error_and_actions_run_meanwhile()
    {
        string ns = server.NewNamespace();
        ModuleShell shell = server.Connect(ns);
        shell.Run("Set-AcmConfig a '1'").ThrowOnError();
        RunningScript watching = shell.Start("""
            $null = Register-AcmWatcher a -NoInitial -Action { Disconnect-Acm }
            Watch-AcmConfig a
            """);
        await watching.FirstOutput;

        // Without a pause, because endless output must not block the actions.
        ModuleShell other = server.Connect(ns);
        ModuleResult result = Toggle(other, "a", watching);

        Assert.Equal("AcmNotConnected", result.ErrorId);
    }

    [Theory]
    [InlineData("throw 'wrong'", null)]
    [InlineData("Set-AcmConfig other $EventArgs.Content; (Get-AcmConfig other).Content", null)]
    [InlineData("Watch-AcmConfig a | Select-Object -First 1", null)]
    [InlineData("Unregister-AcmWatcher -SourceIdentifier own", null)]
    [InlineData("Get-AcmWatcher | Unregister-AcmWatcher", null)]
    [InlineData("Disconnect-Acm", "AcmNotConnected")]
    [InlineData("Remove-Module Acm", "AcmNotConnected")]
    public async Task Whatever_an_action_does_while_a_command_writes_without_a_pause_the_command_ends_in_time(string action, string? error)
    {
        string ns = server.NewNamespace();
        using ModuleShell shell = ModuleShell.Open();
        shell["endpoint"] = server.Endpoint;
        shell.Run($"$null = Connect-Acm $endpoint {ns} -NoSnapshot; Set-AcmConfig a '1'").ThrowOnError();
        RunningScript watching = shell.Start($$"""
            $null = Register-AcmWatcher a -NoInitial -SourceIdentifier own -Action { $global:ran = $true; {{action}} }
            Watch-AcmConfig a | ForEach-Object { $_; if ($ran) { 'after' } } | Select-Object -First 12
            """);
        await watching.FirstOutput;

        ModuleResult result = Toggle(server.Connect(ns), "a", watching);

        Assert.Equal(error, result.Errors.Count == 0 ? null : result.ErrorId);
        Assert.Equal(true, shell["ran"]);
        if (error is null) Assert.Contains("after", result.Texts);
    }

    [Fact]
    public void Names_that_match_a_wildcard_are_told_once_they_exist()
    {
        ModuleShell shell = server.Connect();
        shell.Run("Set-AcmConfig a '1'").ThrowOnError();

        ModuleResult result = shell.Run("Watch-AcmConfig * -PollIntervalSec 0.1 | ForEach-Object { \"$_\"; if ($_.DataId -eq 'a') { Set-AcmConfig b '2' } } | Select-Object -First 2");

        Assert.Empty(result.Errors);
        Assert.Equal(["Initial DEFAULT_GROUP/a", "Added DEFAULT_GROUP/b"], result.Texts);
    }

    [Fact]
    public void A_wildcard_that_matches_nothing_is_told()
    {
        ModuleShell shell = server.Connect();

        ModuleResult result = shell.Run("Watch-AcmConfig nothing* -TimeoutSec 0.2");

        Assert.Empty(result.Errors);
        Assert.Contains("nothing*", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Register-AcmWatcher a -NoInitial")]
    public void That_no_server_answers_is_a_warning(string before)
    {
        using ModuleShell shell = ModuleShell.Open();
        shell.Run("$null = Connect-Acm 127.0.0.1:1 -Direct -NoSnapshot; $Error.Clear();" + before).ThrowOnError();

        ModuleResult result = shell.Run("try { Watch-AcmConfig a -TimeoutSec 30 -WarningAction Stop } catch { $_.Exception.Message }");

        Assert.Contains("is interrupted", Assert.Single(result.Texts), StringComparison.Ordinal);
    }

    /// <summary>Publishes values until the script ends.</summary>
    private static ModuleResult Toggle(ModuleShell writer, string dataId, RunningScript script)
    {
        Task<ModuleResult> end = Task.Run(script.WaitForEnd);
        for (int i = 0; !end.IsCompleted; i++) writer.Run($"Set-AcmConfig {dataId} 'v{i}'").ThrowOnError();
        return end.GetAwaiter().GetResult();
    }
}
