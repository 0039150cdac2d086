using System.Management.Automation;
using Acm.Tests.Support;

namespace Acm.Tests.Commands;

/// <summary>Get-AcmWatcher and Unregister-AcmWatcher.</summary>
public sealed class AcmWatcherTests(ModuleServer server) : IClassFixture<ModuleServer>
{
    [Fact]
    public async Task Get_shows_each_key_with_its_state_and_what_was_delivered()
    {
        ModuleShell shell = server.Connect();
        shell.Run("Set-AcmConfig a '1'").ThrowOnError();
        using var events = new ModuleEventQueue(shell.Runspace);
        shell.Run("Register-AcmWatcher a, b, c -SourceIdentifier w").ThrowOnError();
        await events.NextAsync();

        // An event is counted after it is raised, and before the watcher's next event.
        shell.Run("Set-AcmConfig c '1'").ThrowOnError();
        await events.NextAsync();
        ModuleResult result = shell.Run("Get-AcmWatcher");

        Assert.Equal(["DEFAULT_GROUP/a", "DEFAULT_GROUP/b", "DEFAULT_GROUP/c"], result.Texts);
        PSObject a = result.Output[0];
        Assert.Equal(1L, a.Properties["EventsDelivered"].Value);
        Assert.NotNull(a.Properties["LastChange"].Value);
        Assert.Null(a.Properties["LastError"].Value);
        Assert.Equal("w", a.Properties["SourceIdentifier"].Value);
        Assert.Equal(shell["ns"], a.Properties["Namespace"].Value);
        Assert.Contains(a.Properties["State"].Value.ToString(), new[] { "Connecting", "Watching" });
        Assert.Equal(0L, result.Output[1].Properties["EventsDelivered"].Value);
        Assert.Null(result.Output[1].Properties["LastChange"].Value);
    }

    [Fact]
    public void Get_shows_why_a_key_is_not_watched_now()
    {
        using ModuleShell shell = ModuleShell.Open();

        // Without the initial value the command returns after the first try.
        ModuleResult result = shell.Run("$null = Connect-Acm 127.0.0.1:1 -Direct -NoSnapshot; Register-AcmWatcher a -NoInitial; Get-AcmWatcher | ForEach-Object { \"$($_.State) $($_.LastError)\" }");

        Assert.Matches("^BackingOff .*127\\.0\\.0\\.1:1", Assert.Single(result.ThrowOnError().Texts));
    }

    [Fact]
    public async Task An_error_that_is_over_is_the_previous_one_with_its_time()
    {
        const string Differs = "a%02DEFAULT_GROUP%01\n";
        int hanging = 0;
        var watchedAgain = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        string content = "1";
        await using var scripted = new ScriptedServer(request =>
        {
            if (request.IsGet) return ScriptedReply.Content(content);
            // The first comparison, in which the client has no value.
            if (!request.Hangs) return ScriptedReply.Text(200, "text/html;charset=GBK", request.IsPoll && request.Probe.Single().Md5.Length == 0 ? Differs : "");

            // The first long poll fails. The second one reports a change, and the third one is held.
            switch (++hanging)
            {
                case 1:
                    return ScriptedReply.Status(500);
                case 2:
                    content = "2";
                    return ScriptedReply.Text(200, "text/html;charset=GBK", Differs);
                default:
                    watchedAgain.TrySetResult();
                    return ScriptedReply.Hang;
            }
        });
        using ModuleShell shell = ModuleShell.Open();
        using var events = new ModuleEventQueue(shell.Runspace);

        shell.Run($"$null = Connect-Acm {scripted.Address} -Direct -NoSnapshot; Register-AcmWatcher a").ThrowOnError();
        await events.NextAsync(2);
        await watchedAgain.Task.WaitAsync(ModuleShell.Deadline, TestContext.Current.CancellationToken);
        PSObject watcher = Assert.Single(shell.Run("Get-AcmWatcher").ThrowOnError().Output);

        Assert.Equal("Watching", watcher.Properties["State"].Value.ToString());
        Assert.Null(watcher.Properties["LastError"].Value);
        Assert.Contains("500", (string)watcher.Properties["PreviousError"].Value, StringComparison.Ordinal);
        Assert.NotNull(watcher.Properties["ErrorTime"].Value);
    }

    [Theory]
    [InlineData("Get-AcmWatcher b*", "DEFAULT_GROUP/b1 G/b2")]
    [InlineData("Get-AcmWatcher -Group G", "G/b2")]
    [InlineData("Get-AcmWatcher -SourceIdentifier TWO", "G/b2")]
    [InlineData("Get-AcmWatcher none", "")]
    public void Get_finds_by_key_and_by_name(string script, string expected)
    {
        ModuleShell shell = server.Connect();
        shell.Run("Register-AcmWatcher a, b1 -SourceIdentifier one; Register-AcmWatcher b2 -Group G -SourceIdentifier two").ThrowOnError();

        ModuleResult result = shell.Run(script);

        Assert.Empty(result.Errors);
        Assert.Equal(expected, string.Join(' ', result.Texts));
    }

    [Theory]
    [InlineData("Unregister-AcmWatcher a", "one:b two:a")]
    [InlineData("Unregister-AcmWatcher a -All", "one:b")]
    [InlineData("Unregister-AcmWatcher -SourceIdentifier one", "two:a")]
    [InlineData("Unregister-AcmWatcher -SourceIdentifier *", "")]
    [InlineData("Get-AcmWatcher a | Unregister-AcmWatcher", "one:b")]
    [InlineData("Get-AcmWatcher b | Unregister-AcmWatcher", "one:a two:a")]
    [InlineData("Unregister-AcmWatcher a -All -WhatIf", "one:a one:b two:a")]
    [InlineData("Unregister-AcmWatcher a -Namespace other -ErrorAction Ignore", "one:a one:b two:a")]
    public void Unregister_takes_a_key_or_a_whole_subscription(string script, string left)
    {
        ModuleShell shell = server.Connect();
        shell.Run("Register-AcmWatcher a, b -SourceIdentifier one; Register-AcmWatcher a -SourceIdentifier two").ThrowOnError();

        ModuleResult result = shell.Run(script + "; Get-AcmWatcher | ForEach-Object { $_.SourceIdentifier + ':' + $_.DataId }");

        Assert.Empty(result.Errors);
        Assert.Equal(left, string.Join(' ', result.Texts));
    }

    [Theory]
    [InlineData("public")]
    [InlineData("[default]")]
    public void The_blank_namespace_goes_by_all_its_names(string name)
    {
        ModuleShell shell = server.Connect();

        ModuleResult result = shell.Run($"Register-AcmWatcher a -Namespace {name}; Unregister-AcmWatcher a -Namespace {name}; @(Get-AcmWatcher).Count");

        Assert.Empty(result.Errors);
        Assert.Equal(["0"], result.Texts);
    }

    [Theory]
    [InlineData("Unregister-AcmWatcher none")]
    [InlineData("Unregister-AcmWatcher -SourceIdentifier none")]
    public void Unregister_tells_that_there_is_nothing_to_end(string script)
    {
        ModuleShell shell = server.Connect();

        ModuleResult result = shell.Run(script);

        Assert.Equal("AcmWatcherNotFound", result.ErrorId);
        Assert.Equal(ErrorCategory.ObjectNotFound, result.Error.CategoryInfo.Category);
    }

    [Fact]
    public async Task A_key_that_was_let_go_of_raises_no_event_and_the_others_go_on()
    {
        ModuleShell shell = server.Connect();
        using var events = new ModuleEventQueue(shell.Runspace);
        shell.Run("Register-AcmWatcher a, b; Unregister-AcmWatcher a; Set-AcmConfig a '1'; Set-AcmConfig b '1'").ThrowOnError();

        PSEventArgs first = await events.NextAsync();

        Assert.Equal("DEFAULT_GROUP/b", first.SourceEventArgs.ToString()!.Split(' ')[1]);
    }

    [Fact]
    public void Names_are_completed_from_what_is_watched()
    {
        ModuleShell shell = server.Connect();
        shell.Run("Register-AcmWatcher app.yaml -SourceIdentifier 'release flag'").ThrowOnError();

        ModuleResult result = shell.Run("""
            'Unregister-AcmWatcher a', 'Get-AcmWatcher -SourceIdentifier r' | ForEach-Object {
                [System.Management.Automation.CommandCompletion]::CompleteInput($_, $_.Length, $null).CompletionMatches.CompletionText
            }
            """);

        Assert.Equal(["app.yaml", "'release flag'"], result.Texts);
    }
}
