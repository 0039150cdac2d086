using System.Management.Automation;
using Acm.Tests.Support;

namespace Acm.Tests.Commands;

public sealed class RegisterAcmWatcherTests(ModuleServer server) : IClassFixture<ModuleServer>
{
    [Fact]
    public async Task Without_an_action_the_events_wait_in_the_queue_with_all_that_is_known()
    {
        ModuleShell shell = server.Connect();
        shell.Run("Set-AcmConfig app.yaml 'a: 中'").ThrowOnError();
        using var events = new ModuleEventQueue(shell.Runspace);

        ModuleResult result = shell.Run("Register-AcmWatcher app.yaml -SourceIdentifier flag -MessageData @{ Answer = 42 }");
        PSEventArgs initial = await events.NextAsync();
        shell.Run("Set-AcmConfig app.yaml 'a: 2'").ThrowOnError();
        PSEventArgs changed = await events.NextAsync();
        shell.Run("Remove-AcmConfig app.yaml").ThrowOnError();
        PSEventArgs removed = await events.NextAsync();
        shell.Run("Set-AcmConfig app.yaml 'a: 2'").ThrowOnError();
        PSEventArgs back = await events.NextAsync();

        Assert.Empty(result.Errors);
        Assert.Empty(result.Output);
        Assert.Equal(["flag", "flag", "flag", "flag"], new[] { initial, changed, removed, back }.Select(e => e.SourceIdentifier));
        Assert.Equal("Initial|a: 中||Server", Told(initial));
        Assert.Equal("Changed|a: 2|a: 中|Server", Told(changed));
        Assert.Equal("Removed||a: 2|Server", Told(removed));
        Assert.Equal("Changed|a: 2||Server", Told(back));
        PSObject about = PSObject.AsPSObject(changed.SourceEventArgs);
        Assert.Equal("app.yaml", about.Properties["DataId"].Value);
        Assert.Equal("DEFAULT_GROUP", about.Properties["Group"].Value);
        Assert.Equal(shell["ns"], about.Properties["Namespace"].Value);
        Assert.Equal("a: 2", about.Methods["GetRawContent"].Invoke());
        Assert.Matches("^[0-9a-f]{32}$", (string)about.Properties["Md5"].Value);
        Assert.Null(PSObject.AsPSObject(removed.SourceEventArgs).Properties["Md5"].Value);
        Assert.NotEqual(default, (DateTimeOffset)about.Properties["TimeGenerated"].Value);
        Assert.Equal(42, ((System.Collections.Hashtable)changed.MessageData.BaseObject)["Answer"]);
        Assert.Equal("AcmSession", changed.Sender.GetType().Name);
    }

    [Fact]
    public async Task With_an_action_a_job_is_returned_that_takes_what_the_action_writes()
    {
        ModuleShell shell = server.Connect();
        shell.Run("Set-AcmConfig app.yaml '1'").ThrowOnError();

        var job = (PSEventJob)Assert.Single(shell.Run(
            "Register-AcmWatcher app.yaml -Action { \"$($EventArgs.Kind) $($Event.SourceEventArgs.Content) $($Sender.Endpoint)\" }").ThrowOnError().Output).BaseObject;
        using var output = new ModuleJobOutput(job);
        await output.WaitForAsync(1);
        shell.Run("Set-AcmConfig app.yaml '2'").ThrowOnError();
        await output.WaitForAsync(2);

        Assert.Equal([$"Initial 1 {server.Endpoint}", $"Changed 2 {server.Endpoint}"], job.Output.Select(o => o.ToString()));
    }

    [Fact]
    public async Task One_call_is_one_subscription_over_all_its_keys_piped_named_and_by_wildcard()
    {
        ModuleShell shell = server.Connect();
        shell.Run("Set-AcmConfig a '1'; Set-AcmConfig b1 '1'; Set-AcmConfig b2 '1'; Set-AcmConfig c '1' -Group G").ThrowOnError();
        using var events = new ModuleEventQueue(shell.Runspace);

        shell.Run("& { 'a'; 'b*'; [pscustomobject]@{ DataId = 'c'; Group = 'G' }; 'a'; 'later' } | Register-AcmWatcher -SourceIdentifier all").ThrowOnError();
        string[] initial = [.. (await events.NextAsync(4)).Select(e => e.SourceEventArgs.ToString()!).Order(StringComparer.Ordinal)];
        shell.Run("Set-AcmConfig later '1'").ThrowOnError();
        PSEventArgs late = await events.NextAsync();

        Assert.Equal(["Initial DEFAULT_GROUP/a", "Initial DEFAULT_GROUP/b1", "Initial DEFAULT_GROUP/b2", "Initial G/c"], initial);
        Assert.Equal("Changed DEFAULT_GROUP/later", late.SourceEventArgs.ToString());
        PSEventSubscriber subscriber = Assert.Single(shell.Runspace.Events.Subscribers);
        Assert.Equal("all", subscriber.SourceIdentifier);
        Assert.Equal("DEFAULT_GROUP/a and 4 more", subscriber.SourceObject.ToString());
        Assert.Equal("Changed", subscriber.EventName);
        Assert.Equal(5, shell.Run("Get-AcmWatcher").Output.Count);
    }

    [Fact]
    public async Task NoInitial_raises_events_for_changes_only()
    {
        ModuleShell shell = server.Connect();
        shell.Run("Set-AcmConfig a '1'; Set-AcmConfig b '1'").ThrowOnError();
        using var events = new ModuleEventQueue(shell.Runspace);

        shell.Run("Register-AcmWatcher a -NoInitial; Register-AcmWatcher b").ThrowOnError();
        PSEventArgs first = await events.NextAsync();
        shell.Run("Set-AcmConfig a '2'").ThrowOnError();
        PSEventArgs second = await events.NextAsync();

        Assert.Equal("Initial DEFAULT_GROUP/b", first.SourceEventArgs.ToString());
        Assert.Equal("Changed DEFAULT_GROUP/a", second.SourceEventArgs.ToString());
    }

    [Fact]
    public async Task MaxTriggerCount_ends_the_subscription_and_the_watching()
    {
        ModuleShell shell = server.Connect();
        shell.Run("Set-AcmConfig a '1'").ThrowOnError();

        shell.Run("Register-AcmWatcher a -NoInitial -MaxTriggerCount 1").ThrowOnError();
        Task unsubscribed = Unsubscribed(shell);
        shell.Run("Set-AcmConfig a '2'").ThrowOnError();
        await unsubscribed;

        Assert.Empty(shell.Run("Get-AcmWatcher").Output);
    }

    [Theory]
    [InlineData("Get-EventSubscriberStandIn | ForEach-Object { $ExecutionContext.Events.UnsubscribeEvent($_) }")]
    [InlineData("Unregister-AcmWatcher a")]
    [InlineData("Unregister-AcmWatcher a -All")]
    [InlineData("Unregister-AcmWatcher -SourceIdentifier w*")]
    [InlineData("Get-AcmWatcher | Unregister-AcmWatcher")]
    [InlineData("Disconnect-Acm")]
    [InlineData("Remove-Module Acm")]
    public void Whatever_ends_the_subscription_ends_the_watching(string how)
    {
        using ModuleShell shell = ModuleShell.Open();
        shell["endpoint"] = server.Endpoint;
        shell.Run($"$null = Connect-Acm $endpoint {server.NewNamespace()} -NoSnapshot; Register-AcmWatcher a -SourceIdentifier watch").ThrowOnError();
        PSEventSubscriber subscriber = Assert.Single(shell.Runspace.Events.Subscribers);
        object watcher = Assert.Single(shell.Run("Get-AcmWatcher").Output).BaseObject;

        shell.Run(how.Replace("Get-EventSubscriberStandIn", "$ExecutionContext.Events.Subscribers", StringComparison.Ordinal)).ThrowOnError();

        Assert.Empty(shell.Runspace.Events.Subscribers);
        Assert.Equal("Stopped", PSObject.AsPSObject(watcher).Properties["State"].Value.ToString());
        Assert.Null(subscriber.Action);
    }

    [Fact]
    public void A_closing_runspace_ends_the_watching()
    {
        ModuleShell shell = ModuleShell.Open();
        shell["endpoint"] = server.Endpoint;
        shell.Run($"$null = Connect-Acm $endpoint {server.NewNamespace()} -NoSnapshot; Register-AcmWatcher a").ThrowOnError();
        object watcher = Assert.Single(shell.Run("Get-AcmWatcher").Output).BaseObject;

        shell.Dispose();

        Assert.Equal("Stopped", PSObject.AsPSObject(watcher).Properties["State"].Value.ToString());
    }

    [Theory]
    [InlineData("Unregister-AcmWatcher -SourceIdentifier own")]
    [InlineData("$ExecutionContext.Events.UnsubscribeEvent($EventSubscriber)")]
    public async Task Within_its_own_action_a_watcher_can_be_unregistered_although_more_events_wait(string how)
    {
        ModuleShell shell = server.Connect();
        shell.Run("1..20 | ForEach-Object { Set-AcmConfig \"k$_\" '1' }").ThrowOnError();

        shell.Run($$"""
            $null = Register-AcmWatcher k* -NoInitial -SourceIdentifier own -Action { $Event.SourceEventArgs.DataId; {{how}} }
            """).ThrowOnError();
        Task unsubscribed = Unsubscribed(shell);
        ModuleResult result = shell.Run("1..20 | ForEach-Object { Set-AcmConfig \"k$_\" '2' }; $null = Find-AcmConfig; Get-AcmWatcher");
        await unsubscribed;

        Assert.Empty(result.Errors);
        Assert.Empty(shell.Run("Get-AcmWatcher").Output);
    }

    [Theory]
    [InlineData("Unregister-AcmWatcher -SourceIdentifier own")]
    [InlineData("Stop-Own")]
    public void What_the_action_wrote_that_ended_its_own_watcher_is_the_jobs(string how)
    {
        ModuleShell shell = server.Connect();
        shell.Run("Set-AcmConfig app.yaml '1'; function global:Stop-Own { Unregister-AcmWatcher -SourceIdentifier own }").ThrowOnError();

        ModuleResult result = shell.Run($$"""
            $job = Register-AcmWatcher app.yaml -SourceIdentifier own -Action { 'before'; {{how}}; 'after' }
            while ($job.State -in 'NotStarted', 'Running') { [Threading.Thread]::Sleep(1) }
            "$($job.State): $($job.Output)"
            """);

        Assert.Equal(["Stopped: before after"], result.ThrowOnError().Texts);
        Assert.Empty(shell.Runspace.Events.Subscribers);
    }

    [Theory]
    [InlineData("Unregister-AcmWatcher -SourceIdentifier waits")]
    [InlineData("Get-AcmWatcher | Unregister-AcmWatcher")]
    [InlineData("Stop-Waiting")]
    [InlineData("Disconnect-Acm")]
    [InlineData("Remove-Module Acm")]
    public void Within_the_action_of_another_event_a_watcher_can_be_ended_while_an_event_of_it_waits(string how)
    {
        using ModuleShell shell = ModuleShell.Open();
        shell["endpoint"] = server.Endpoint;
        shell["queue"] = (Func<int>)(() => Waiting(shell));
        shell.Run($"$null = Connect-Acm $endpoint {server.NewNamespace()} -NoSnapshot; Set-AcmConfig app.yaml '1'; function global:Stop-Waiting {{ Unregister-AcmWatcher -SourceIdentifier waits }}")
            .ThrowOnError();

        ModuleResult result = shell.Run($$"""
            $job = Register-AcmWatcher app.yaml -NoInitial -SourceIdentifier waits -Action { $EventArgs.Content }
            $other = $ExecutionContext.Events.SubscribeEvent($null, $null, 'other', $null, {
                Set-AcmConfig app.yaml '2'
                while ($queue.Invoke() -eq 0) { [Threading.Thread]::Sleep(1) }
                {{how}}
                'ended'
            }, $true, $false, 1)
            $null = $ExecutionContext.Events.GenerateEvent('other', $null, @(), $null, $true, $false)
            while ($job.State -ne 'Stopped') { [Threading.Thread]::Sleep(1) }
            "$($other.Action.Output) $($job.Output)"
            """);

        Assert.Equal(["ended 2"], result.ThrowOnError().Texts);
        Assert.Empty(shell.Runspace.Events.Subscribers);
    }

    [Fact]
    public void Outside_of_actions_a_watcher_is_gone_when_the_command_returns_although_an_event_of_it_waited()
    {
        ModuleShell shell = server.Connect();
        ModuleShell other = server.Connect((string)shell["ns"]!);
        shell.Run("Set-AcmConfig app.yaml '1'; function global:Hold { process { $wait.Invoke(); $_ } }").ThrowOnError();
        shell["wait"] = (Action)(() =>
        {
            other.Run("Set-AcmConfig app.yaml '2'").ThrowOnError();
            Assert.True(SpinWait.SpinUntil(() => Waiting(shell) > 0, ModuleShell.Deadline));
        });

        ModuleResult result = shell.Run("""
            $job = Register-AcmWatcher app.yaml -NoInitial -SourceIdentifier waits -Action { $EventArgs.Content }
            Get-AcmWatcher | Hold | Unregister-AcmWatcher
            "$($ExecutionContext.Events.Subscribers.Count) $($job.State) $($job.Output)"
            """);

        Assert.Equal(["0 Stopped 2"], result.ThrowOnError().Texts);
    }

    [Fact]
    public void In_constrained_language_an_action_can_end_its_own_watcher_and_that_of_another()
    {
        using ModuleShell shell = ModuleShell.Open();
        shell["endpoint"] = server.Endpoint;
        shell.Run($"$null = Connect-Acm $endpoint {server.NewNamespace()} -NoSnapshot; Set-AcmConfig a '1'; Set-AcmConfig b '1'").ThrowOnError();

        ModuleResult result = shell.Run("""
            $ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'
            $other = Register-AcmWatcher b -NoInitial -SourceIdentifier other -Action { }
            $own = Register-AcmWatcher a -SourceIdentifier own -Action { $EventArgs.Content; Unregister-AcmWatcher -SourceIdentifier other; Unregister-AcmWatcher -SourceIdentifier own; 'after' }
            while ($own.State -ne 'Stopped' -or $other.State -ne 'Stopped') { $null = Find-AcmConfig }
            "$($own.Output)"
            """);

        Assert.Equal(["1 after"], result.ThrowOnError().Texts);
        Assert.Empty(shell.Runspace.Events.Subscribers);
    }

    [Fact]
    public async Task Actions_that_are_behind_are_told_the_newest_value_and_no_queue_of_old_ones_grows()
    {
        ModuleShell shell = server.Connect();
        ModuleShell other = server.Connect();
        shell.Run("Set-AcmConfig app.yaml 'v0'").ThrowOnError();
        using var held = new ManualResetEventSlim();
        var holding = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        shell["held"] = held;
        shell["holding"] = holding;
        var job = (PSEventJob)Assert.Single(shell.Run("Register-AcmWatcher app.yaml -NoInitial -Action { $EventArgs.Content; if (-not $holding.Task.IsCompleted) { $holding.SetResult(); $held.Wait() } }").ThrowOnError().Output).BaseObject;
        using var output = new ModuleJobOutput(job);
        other["session"] = shell.Run("Get-AcmSession").Output[0].BaseObject;
        using var events = new ModuleEventQueue(other.Runspace);
        other.Run("Register-AcmWatcher app.yaml -NoInitial -Session $session").ThrowOnError();

        for (int i = 1; i <= 8; i++)
        {
            other.Run($"Set-AcmConfig app.yaml 'v{i}' -Session $session").ThrowOnError();
            await events.NextAsync();
            await holding.Task.WaitAsync(ModuleShell.Deadline, TestContext.Current.CancellationToken);
        }

        held.Set();
        await output.WaitForAsync(2);

        Assert.Equal(["v1", "v8"], job.Output.Select(o => o.ToString()));
    }

    [Fact]
    public async Task Thousands_of_events_with_an_action_leave_the_rest_of_the_process_alone()
    {
        ModuleShell shell = server.Connect();
        shell.Run("1..1000 | ForEach-Object { Set-AcmConfig \"k$_\" '1' }").ThrowOnError();
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        shell["seen"] = seen;
        using var stop = new CancellationTokenSource();
        int most = 0;
        Task looking = Task.Factory.StartNew(
            () =>
            {
                while (!stop.IsCancellationRequested) most = Math.Max(most, Waiting(shell));
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        ModuleResult result = shell.Run("""
            $global:count = 0
            $null = Find-AcmConfig | Register-AcmWatcher -Action { if (++$global:count -eq 1000) { $global:seen.SetResult() } }
            while (-not $seen.Task.IsCompleted) { [Threading.Thread]::Sleep(1) }
            $count
            """);
        stop.Cancel();
        await looking;

        Assert.Equal(["1000"], result.Texts);
        Assert.Equal(1, most);
    }

    [Fact]
    public void While_an_action_runs_nothing_waits_behind_it_in_the_queue_of_PowerShell_and_one_that_fails_holds_up_no_other()
    {
        ModuleShell shell = server.Connect();
        shell.Run("1..60 | ForEach-Object { Set-AcmConfig \"a$_\" '1'; Set-AcmConfig \"b$_\" '1'; Set-AcmConfig \"c$_\" '1' }").ThrowOnError();
        shell["queue"] = (Func<int>)(() => Waiting(shell));

        // PowerShell starts a pipeline for each statement, and two concurrent pipelines in an idle runspace end the process.
        ModuleResult result = shell.Run("""
            $global:most = 0
            $global:count = 0
            $fails = Find-AcmConfig a* | Register-AcmWatcher -Action { throw 'wrong' }
            $once = Find-AcmConfig b* | Register-AcmWatcher -MaxTriggerCount 1 -Action { 'b' }
            $null = Find-AcmConfig c* | Register-AcmWatcher -Action { $global:most = [Math]::Max($global:most, $queue.Invoke()); $global:count++ }
            while ($count -lt 60 -or $once.State -eq 'Running' -or $fails.State -eq 'Running') { [Threading.Thread]::Sleep(1) }
            "most $most"
            "$($fails.State) $($once.State) $($once.Output)"
            """);

        Assert.Equal(["most 0", "Failed Stopped b"], result.ThrowOnError().Texts);
        Assert.Empty(shell.Runspace.Events.ReceivedEvents);
    }

    [Fact]
    public void An_action_that_fails_is_not_run_again_and_Get_AcmWatcher_says_so()
    {
        ModuleShell shell = server.Connect();
        shell.Run("Set-AcmConfig app.yaml '1'").ThrowOnError();

        ModuleResult result = shell.Run("""
            $job = Register-AcmWatcher app.yaml -SourceIdentifier fails -Action { throw 'wrong' }
            while ($job.State -ne 'Failed') { [Threading.Thread]::Sleep(1) }
            Get-AcmWatcher | ForEach-Object { "$($_.State) $($_.LastError)" }
            Unregister-AcmWatcher -SourceIdentifier fails
            @(Get-AcmWatcher).Count
            """);

        Assert.Equal(["Stopped The action failed and will not run again. Handle its errors with try and catch.", "0"], result.ThrowOnError().Texts);
        Assert.Empty(shell.Runspace.Events.Subscribers);
    }

    [Theory]
    [InlineData("Disconnect-Acm")]
    [InlineData("Unregister-AcmWatcher -SourceIdentifier *")]
    [InlineData("Remove-Module Acm")]
    public void A_job_that_failed_and_was_removed_keeps_no_other_watcher_from_being_ended(string how)
    {
        using ModuleShell shell = ModuleShell.Open();
        shell["endpoint"] = server.Endpoint;
        shell.Run($"$null = Connect-Acm $endpoint {server.NewNamespace()} -NoSnapshot; Set-AcmConfig app.yaml '1'").ThrowOnError();

        ModuleResult result = shell.Run($$"""
            $failed = Register-AcmWatcher app.yaml -Action { throw 'wrong' }
            $other = Register-AcmWatcher app.yaml -NoInitial -Action { }
            while ($failed.State -ne 'Failed') { [Threading.Thread]::Sleep(1) }
            $failed.Dispose()
            {{how}}
            "$($other.State) $($ExecutionContext.Events.GetEventSubscribers($other.Name).Count)"
            """);

        Assert.Equal(["Stopped 0"], result.ThrowOnError().Texts);
    }

    [Theory]
    [InlineData("{ $Event.SourceEventArgs.Content }", " $Event.SourceEventArgs.Content ")]
    [InlineData("{ param($from, $what) $what.Content }", " param($from, $what) $what.Content ")]
    [InlineData("{ begin { $x = $EventArgs.Content } end { return $x; 'never' } }", " begin { $x = $EventArgs.Content } end { return $x; 'never' } ")]
    [InlineData("([scriptblock]::Create('$EventArgs.Content'))", "$EventArgs.Content")]
    [InlineData("$function:Handle", " $what.Content ")]
    [InlineData("{ [CmdletBinding()] param() $EventArgs.Content }", " [CmdletBinding()] param() $EventArgs.Content ")]
    [InlineData("{ [CmdletBinding()] param($from) $EventArgs.Content }", " [CmdletBinding()] param($from) $EventArgs.Content ")]
    [InlineData("{ param([Parameter(Mandatory)] $from, $what) $what.Content }", "$what.Content ")]
    [InlineData("$function:Advanced", "$EventArgs.Content ")]
    public async Task An_action_is_what_Register_ObjectEvent_would_make_of_it(string action, string command)
    {
        ModuleShell shell = server.Connect();
        shell.Run("Set-AcmConfig app.yaml '1'; function global:Handle($from, $what) { $what.Content }; function global:Advanced { [CmdletBinding()] param() $EventArgs.Content }").ThrowOnError();

        var job = (PSEventJob)Assert.Single(shell.Run($"Register-AcmWatcher app.yaml -Action {action}").ThrowOnError().Output).BaseObject;
        using var output = new ModuleJobOutput(job);
        await output.WaitForAsync(1);

        Assert.Equal(["1"], job.Output.Select(o => o.ToString()));
        shell["job"] = job;
        var expected = (PSEventJob)shell.Run($"$ExecutionContext.Events.SubscribeEvent($null, $null, 'x', $null, {action}, $false, $false)").ThrowOnError().Output
            .Select(o => ((PSEventSubscriber)o.BaseObject).Action).Single();
        Assert.Equal(expected.Command, job.Command);
        Assert.Contains(command, job.Command, StringComparison.Ordinal);
        Assert.Equal("Running", job.JobStateInfo.State.ToString());
    }

    [Fact]
    public void An_action_of_a_script_file_knows_its_folder_and_an_error_of_it_its_line()
    {
        using var folder = new TemporaryFiles();
        string path = folder.Write("watch.ps1", "$job = Register-AcmWatcher app.yaml -Action {\n    $PSScriptRoot\n    throw 'wrong'\n}\n");
        ModuleShell shell = server.Connect();
        shell["path"] = path;

        ModuleResult result = shell.Run("""
            Set-AcmConfig app.yaml '1'
            . ([System.Management.Automation.Language.Parser]::ParseFile($path, [ref] $null, [ref] $null).GetScriptBlock())
            while ($job.State -ne 'Failed') { [Threading.Thread]::Sleep(1) }
            "$($job.Output)"
            "$($job.Error[0].InvocationInfo.ScriptName):$($job.Error[0].InvocationInfo.ScriptLineNumber)"
            """);

        Assert.Equal([folder.Path, path + ":3"], result.ThrowOnError().Texts);
    }

    [Fact]
    public void A_second_subscription_of_the_same_name_is_refused()
    {
        ModuleShell shell = server.Connect();

        ModuleResult result = shell.Run("Register-AcmWatcher a -SourceIdentifier x; Register-AcmWatcher b -SourceIdentifier X");

        Assert.Equal("AcmSubscriberExists", result.ErrorId);
        Assert.Equal(ErrorCategory.ResourceExists, result.Error.CategoryInfo.Category);
        Assert.Single(shell.Runspace.Events.Subscribers);
    }

    [Theory]
    [InlineData("Register-AcmWatcher a -Action { } -Forward", "AcmInvalidParameter")]
    [InlineData("Register-AcmWatcher a -SourceIdentifier powershell.Exiting", "AcmInvalidParameter")]
    [InlineData("Register-AcmWatcher 'a b'", "AcmInvalidKey")]
    [InlineData("Register-AcmWatcher '[a'", "AcmInvalidKey")]
    [InlineData("Disconnect-Acm; Register-AcmWatcher a", "AcmNotConnected")]
    public void What_cannot_be_watched_is_an_error_and_subscribes_to_nothing(string script, string id)
    {
        ModuleShell shell = server.Connect();

        ModuleResult result = shell.Run(script);

        Assert.Equal(id, result.ErrorId);
        Assert.Empty(shell.Runspace.Events.Subscribers);
    }

    [Fact]
    public async Task Names_that_match_a_wildcard_are_watched_from_the_time_that_they_exist()
    {
        ModuleShell shell = server.Connect();
        using var events = new ModuleEventQueue(shell.Runspace);

        ModuleResult result = shell.Run("Register-AcmWatcher new* -PollIntervalSec 0.1 -NoInitial -SourceIdentifier w");
        shell.Run("Set-AcmConfig new.txt '1'; Set-AcmConfig other.txt '1'; Set-AcmConfig new.txt '1' -Group G").ThrowOnError();
        PSEventArgs added = await events.NextAsync();
        shell.Run("Set-AcmConfig new.txt '2'").ThrowOnError();
        PSEventArgs changed = await events.NextAsync();
        shell.Run("Remove-AcmConfig new.txt").ThrowOnError();
        PSEventArgs removed = await events.NextAsync();

        Assert.Empty(result.Errors);
        Assert.Contains("new*", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Equal("Added|1||Server", Told(added));
        Assert.Equal("Added DEFAULT_GROUP/new.txt", added.SourceEventArgs.ToString());
        Assert.Equal("Changed|2|1|Server", Told(changed));
        Assert.Equal("Removed||2|Server", Told(removed));
        Assert.Equal(["DEFAULT_GROUP/new.txt"], shell.Run("Get-AcmWatcher").Texts);
        Assert.Equal("new names that match", Assert.Single(shell.Runspace.Events.Subscribers).SourceObject.ToString());
    }

    [Fact]
    public async Task What_was_unregistered_by_a_wildcard_is_not_followed_any_more()
    {
        ModuleShell shell = server.Connect();
        shell.Run("Set-AcmConfig a1 '1'; Set-AcmConfig b1 '1'").ThrowOnError();
        using var events = new ModuleEventQueue(shell.Runspace);
        shell.Run("Register-AcmWatcher a*, b* -PollIntervalSec 0.1 -NoInitial -SourceIdentifier w; Unregister-AcmWatcher a*").ThrowOnError();

        // Both are in the same list, so the arrival of one shows that the other is not raised.
        shell.Run("Set-AcmConfig a2 '1'; Set-AcmConfig b2 '1'").ThrowOnError();
        PSEventArgs added = await events.NextAsync();

        Assert.Equal("Added DEFAULT_GROUP/b2", added.SourceEventArgs.ToString());
        Assert.Equal(["DEFAULT_GROUP/b1", "DEFAULT_GROUP/b2"], shell.Run("Get-AcmWatcher").Texts);
    }

    [Fact]
    public async Task SupportEvent_hides_the_subscription_and_returns_no_job()
    {
        ModuleShell shell = server.Connect();
        shell.Run("Set-AcmConfig a '1'").ThrowOnError();
        var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        shell["seen"] = seen;

        ModuleResult result = shell.Run("Register-AcmWatcher a -SupportEvent -Action { $global:seen.SetResult($EventArgs.Content) }");

        Assert.Empty(result.ThrowOnError().Output);
        Assert.All(shell.Runspace.Events.Subscribers, subscriber => Assert.True(subscriber.SupportEvent));
        shell.Run("while (-not $seen.Task.IsCompleted) { [Threading.Thread]::Sleep(1) }").ThrowOnError();
        Assert.Equal("1", await seen.Task);
    }

    [Fact]
    public async Task Forwarded_events_are_sent_on()
    {
        ModuleShell shell = server.Connect();
        shell.Run("Set-AcmConfig a '1'").ThrowOnError();
        var forwarded = new TaskCompletionSource<PSEventArgs>(TaskCreationOptions.RunContinuationsAsynchronously);
        shell.Runspace.Events.GetType().GetEvent("ForwardEvent", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!
            .GetAddMethod(nonPublic: true)!.Invoke(shell.Runspace.Events, [new EventHandler<PSEventArgs>((_, e) => forwarded.TrySetResult(e))]);

        shell.Run("Register-AcmWatcher a -Forward").ThrowOnError();
        PSEventArgs sent = await forwarded.Task.WaitAsync(ModuleShell.Deadline);

        Assert.Equal("Initial DEFAULT_GROUP/a", sent.SourceEventArgs.ToString());
        Assert.Empty(shell.Runspace.Events.ReceivedEvents);
    }

    [Fact]
    public async Task Every_event_of_a_burst_arrives_once_and_in_order_of_each_key()
    {
        ModuleShell shell = server.Connect();
        using var events = new ModuleEventQueue(shell.Runspace);
        shell.Run("1..50 | ForEach-Object { \"k$_\" } | Register-AcmWatcher").ThrowOnError();

        shell.Run("1..50 | ForEach-Object { Set-AcmConfig \"k$_\" 'v1' }").ThrowOnError();
        IReadOnlyList<PSEventArgs> seen = await events.NextAsync(50);

        Assert.Equal(50, seen.Select(e => e.SourceEventArgs.ToString()).Distinct().Count());
    }

    [Fact]
    public async Task Events_of_watchers_that_run_side_by_side_have_each_a_number_of_its_own()
    {
        ModuleShell shell = server.Connect();
        shell.Run("1..200 | ForEach-Object { Set-AcmConfig \"k$_\" '1' }").ThrowOnError();
        using var events = new ModuleEventQueue(shell.Runspace);

        // Remove-Event uses the event number, which PowerShell does not increment atomically.
        shell.Run("$keys = Find-AcmConfig; 1..10 | ForEach-Object { $keys | Register-AcmWatcher }").ThrowOnError();
        IReadOnlyList<PSEventArgs> seen = await events.NextAsync(2000);

        Assert.Equal(2000, seen.Select(e => e.EventIdentifier).Distinct().Count());
    }

    private static Task Unsubscribed(ModuleShell shell)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Assert.Single(shell.Runspace.Events.Subscribers, subscriber => subscriber.EventName is not null).Unsubscribed += (_, _) => ended.TrySetResult();
        return ended.Task.WaitAsync(ModuleShell.Deadline);
    }

    /// <summary>Returns the number of actions that wait for the thread of the runspace.</summary>
    private static int Waiting(ModuleShell shell) =>
        ((System.Collections.ICollection)shell.Runspace.Events.GetType().GetField("_actionQueue", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!
            .GetValue(shell.Runspace.Events)!).Count;

    private static string Told(PSEventArgs e)
    {
        PSObject args = PSObject.AsPSObject(e.SourceEventArgs);
        return $"{args.Properties["Kind"].Value}|{args.Properties["Content"].Value}|{args.Properties["PreviousContent"].Value}|{args.Properties["Source"].Value}";
    }
}
