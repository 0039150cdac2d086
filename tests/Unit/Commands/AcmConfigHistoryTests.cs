using Acm.Tests.Support;

namespace Acm.Tests.Commands;

/// <summary>The cmdlets for history and restores.</summary>
public sealed class AcmConfigHistoryTests(ModuleServer server) : IClassFixture<ModuleServer>
{
    [Fact]
    public void The_history_tells_who_when_from_where_and_what_with_content_and_diff()
    {
        ModuleShell shell = server.Connect();

        ModuleResult result = shell.Run("""
            Set-AcmConfig app.yaml 'a: 1'; Set-AcmConfig app.yaml 'a: 2'; Remove-AcmConfig app.yaml -Confirm:$false
            $history = Get-AcmConfigHistory app.yaml -Content -Diff
            ($history.Operation -join ' '); ($history.Content -join ','); ($history.Lines -join ' '); $history[1].RedactedDiff.Contains("-a: 1`n")
            $history[0].Address; $history[0].Time -is [DateTimeOffset]; (Get-AcmConfigHistory app.yaml)[0].Content -eq $null
            (Get-AcmConfigHistory app.yaml | Select-Object -First 1).Version -eq $history[0].Version
            """);

        Assert.Equal(["Removed Changed Added", ",a: 2,a: 1", "+0 -1 +1 -1 +1 -0", "True", "127.0.0.1", "True", "True", "True"], result.ThrowOnError().Texts);
    }

    [Fact]
    public void A_restore_goes_back_one_change_to_a_version_to_a_moment_and_before_a_removal()
    {
        ModuleShell shell = server.Connect();

        ModuleResult result = shell.Run("""
            Set-AcmConfig app.yaml 'a: 1'; Set-AcmConfig app.yaml 'a: 2'
            $first = Get-AcmConfigHistory app.yaml | Select-Object -Last 1
            $second = Get-AcmConfigHistory app.yaml | Select-Object -First 1
            Restore-AcmConfig app.yaml -Previous; Get-AcmConfig app.yaml -Raw
            Restore-AcmConfig app.yaml -Version $second.Version; Get-AcmConfig app.yaml -Raw
            $first | Restore-AcmConfig; Get-AcmConfig app.yaml -Raw
            Restore-AcmConfig app.yaml -AsOf $second.Time; Get-AcmConfig app.yaml -Raw
            Remove-AcmConfig app.yaml -Confirm:$false
            (Restore-AcmConfig app.yaml -Deleted -PassThru).Content
            (Get-AcmConfig app.yaml -Version $first.Version).Content
            $first | Get-AcmConfig -Raw
            """);

        Assert.Equal(["a: 1", "a: 2", "a: 1", "a: 2", "a: 2", "a: 1", "a: 1"], result.ThrowOnError().Texts);
    }

    [Fact]
    public void A_wildcard_with_a_time_warns_that_removed_configurations_are_not_restored()
    {
        ModuleShell shell = server.Connect();

        ModuleResult result = shell.Run("""
            Set-AcmConfig kept.yaml 'a: 1'; Set-AcmConfig gone.yaml 'a: 1'
            $moment = (Get-AcmConfigHistory gone.yaml | Select-Object -First 1).Time
            Remove-AcmConfig gone.yaml -Confirm:$false
            Restore-AcmConfig *.yaml -AsOf $moment -Force -WarningVariable wild -WarningAction SilentlyContinue -ErrorAction SilentlyContinue
            Restore-AcmConfig kept.yaml -AsOf $moment -WarningVariable named -WarningAction SilentlyContinue
            Restore-AcmConfig kept.y*ml -Previous -Force -WarningVariable previous -WarningAction SilentlyContinue -ErrorAction SilentlyContinue
            "$($wild.Count) $($named.Count) $($previous.Count)"
            "$wild"
            """);

        Assert.Equal(["1 0 0", "A wildcard matches only existing configurations. Specify the names of removed ones to restore them as well."], result.ThrowOnError().Texts);
    }

    [Fact]
    public void WhatIf_changes_nothing()
    {
        ModuleShell shell = server.Connect();

        ModuleResult result = shell.Run("""
            Set-AcmConfig app.yaml 'a: 1'; Set-AcmConfig app.yaml 'a: 2'
            Restore-AcmConfig app.yaml -Previous -WhatIf
            Get-AcmConfig app.yaml -Raw
            """);

        Assert.Equal(["a: 2"], result.ThrowOnError().Texts);
    }

    [Fact]
    public void Confirm_asks_with_the_diff()
    {
        ModuleShell shell = server.Connect();

        ModuleResult result = shell.Run("Set-AcmConfig app.yaml 'a: 1'; Set-AcmConfig app.yaml 'a: 2'; Restore-AcmConfig app.yaml -Previous -Confirm");

        Assert.Equal("AcmConfirmationImpossible", result.ErrorId);
        Assert.Contains("Change DEFAULT_GROUP/app.yaml in", result.Error.Exception.Message, StringComparison.Ordinal);
        Assert.Contains("\n  -a: 2\n", result.Error.Exception.Message, StringComparison.Ordinal);
        Assert.Contains("\n  +a: 1", result.Error.Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_are_restored_to_a_moment_and_what_did_not_exist_then_is_an_error()
    {
        ModuleShell shell = server.Connect();

        ModuleResult result = shell.Run("""
            Set-AcmConfig a 'old'; Set-AcmConfig b 'old'
            $moment = (Get-AcmConfigHistory b)[0].Time
            while ([DateTimeOffset]::UtcNow -lt $moment.AddMilliseconds(2)) { }
            Set-AcmConfig a 'new'; Remove-AcmConfig b -Confirm:$false; Set-AcmConfig c 'new'
            Restore-AcmConfig '*' -AsOf $moment -Force; Restore-AcmConfig b -AsOf $moment
            (Get-AcmConfig * -Raw) -join ' '
            """);

        Assert.Equal(["old old new"], result.Texts);
        Assert.Equal("AcmConfigNotFound", result.ErrorId);
        Assert.Contains("its history begins with its creation", result.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_row_of_a_removal_restores_nothing_and_says_so()
    {
        ModuleShell shell = server.Connect();

        ModuleResult result = shell.Run("Set-AcmConfig gone.yaml 'a: 1'; Remove-AcmConfig gone.yaml -Confirm:$false; Get-AcmConfigHistory gone.yaml | Select-Object -First 1 | Restore-AcmConfig");

        Assert.Equal("AcmConfigNotFound", result.ErrorId);
        Assert.Contains("does not exist now", result.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("Restore-AcmConfig -Deleted", result.Error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void What_could_not_be_compared_is_neither_equal_nor_different()
    {
        ModuleShell shell = server.Connect();

        ModuleResult result = shell.Run("Compare-AcmConfig -DataId nowhere.yaml -Previous -Quiet");

        Assert.Equal("AcmConfigNotFound", result.ErrorId);
        Assert.Empty(result.Output);
    }

    [Fact]
    public void What_it_was_is_compared_with_what_it_is()
    {
        ModuleShell shell = server.Connect();

        ModuleResult result = shell.Run("""
            Set-AcmConfig app.yaml 'a: 1'; Set-AcmConfig app.yaml 'a: 2'
            $first = Get-AcmConfigHistory app.yaml | Select-Object -Last 1
            $difference = Compare-AcmConfig -DataId app.yaml -Version $first.Version
            "$($difference.State) $($difference.Lines)"
            (Compare-AcmConfig -DataId app.yaml -Previous).Diff -eq $difference.Diff
            Compare-AcmConfig -DataId app.yaml -Version (Get-AcmConfigHistory app.yaml)[0].Version -Quiet
            """);

        Assert.Equal(["Changed +1 -1", "True", "True"], result.ThrowOnError().Texts);
    }

    [Fact]
    public void Versions_are_completed_in_a_namespace_that_is_given_by_name()
    {
        using var nacos = new ModuleServer();
        ModuleShell shell = nacos.Open();

        ModuleResult result = shell.Run("""
            $null = Connect-Acm -Server $server.Endpoint -NoSnapshot -FailoverPath /no-such-folder -TimeoutSec 30
            $null = New-AcmNamespace ns-1 Development
            Set-AcmConfig app.yaml 'a: 1' -Namespace ns-1
            $line = 'Get-AcmConfig app.yaml -Namespace Development -Version '
            $until = [datetime]::UtcNow.AddSeconds(120) # A completion waits for a second
            do { $found = (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText } until ("$found" -match '^\d+$' -or [datetime]::UtcNow -gt $until)
            "$found" -eq "$((Get-AcmConfigHistory app.yaml -Namespace ns-1).Version)"
            """);

        Assert.Equal(["True"], result.ThrowOnError().Texts);
    }

    [Theory]
    [InlineData("2")]
    [InlineData("3")]
    public void A_change_of_metadata_alone_is_a_difference(string generation)
    {
        using var nacos = new ModuleServer(generation);
        ModuleShell shell = nacos.Open();

        ModuleResult result = shell.Run("""
            $null = Connect-Acm -Server $server.Endpoint -NoSnapshot -FailoverPath /no-such-folder -TimeoutSec 30
            Set-AcmConfig app.yaml 'a: 1' -Description old; Set-AcmConfig app.yaml 'a: 1' -Description new
            $difference = Compare-AcmConfig -DataId app.yaml -Previous
            "$($difference.State) $($difference.Diff)"
            Compare-AcmConfig -DataId app.yaml -Previous -Quiet
            """);

        Assert.Equal(["Changed # description: 'new' -> 'old'\n", "False"], result.ThrowOnError().Texts);
    }

    [Theory]
    [InlineData("Get-AcmConfig app.yaml -Version 1 -Beta", "AcmInvalidParameter,AcmPowerShell.GetAcmConfigCommand")]
    [InlineData("Get-AcmConfig app.yaml -Version 1 -Type yaml", "AcmInvalidParameter,AcmPowerShell.GetAcmConfigCommand")]
    [InlineData("Get-AcmConfig app.yaml -Beta -AppName shop", "AcmInvalidParameter,AcmPowerShell.GetAcmConfigCommand")]
    [InlineData("Get-AcmConfig -Beta", "AcmInvalidParameter,AcmPowerShell.GetAcmConfigCommand")]
    [InlineData("Restore-AcmConfig app.yaml -Version 999999", "AcmConfigNotFound,AcmPowerShell.RestoreAcmConfigCommand")]
    [InlineData("Restore-AcmConfig app.yaml -Previous", "AcmConfigNotFound,AcmPowerShell.RestoreAcmConfigCommand")]
    [InlineData("Restore-AcmConfig app.yaml -Deleted", "AcmConfigNotFound,AcmPowerShell.RestoreAcmConfigCommand")]
    [InlineData("Get-AcmConfig app.yaml -Version 999999", "AcmConfigNotFound,AcmPowerShell.GetAcmConfigCommand")]
    [InlineData("Get-AcmConfig * -Version 1", "AcmInvalidParameter,AcmPowerShell.GetAcmConfigCommand")]
    [InlineData("Compare-AcmConfig ./x -Previous", "AcmInvalidParameter,AcmPowerShell.CompareAcmConfigCommand")]
    [InlineData("Get-AcmConfigHistory 'a b'", "AcmInvalidKey,AcmPowerShell.GetAcmConfigHistoryCommand")]
    public void What_can_not_be_shown_or_restored_is_an_error(string command, string id)
    {
        ModuleShell shell = server.Connect();
        shell.Run("Set-AcmConfig app.yaml 'a: 1'").ThrowOnError();

        Assert.Equal(id, shell.Run(command).Error.FullyQualifiedErrorId);
    }

    [Fact]
    public async Task A_server_without_a_history_lacks_the_capability()
    {
        await using var other = ScriptedServer.Always(ScriptedReply.Status(400));
        using ModuleShell shell = ModuleShell.Open();

        ModuleResult result = shell.Run($"$null = Connect-Acm {other.Address} -Direct -NoSnapshot; Get-AcmConfigHistory app.json");

        Assert.Equal("AcmCapabilityMissing", result.ErrorId);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    [InlineData("3")]
    [InlineData("3.2")]
    public void On_Nacos_metadata_comes_back_where_the_history_has_it(string generation)
    {
        using var nacos = new ModuleServer(generation);
        ModuleShell shell = nacos.Open();
        shell["generation"] = generation;

        ModuleResult result = shell.Run("""
            $null = Connect-Acm -Server $server.Endpoint -Namespace dev -NoSnapshot -FailoverPath /no-such-folder -TimeoutSec 30
            Set-AcmConfig app.yaml 'a: 1' -Description 'first'; Set-AcmConfig app.yaml 'a: 1' -Description 'second'; Set-AcmConfig app.yaml 'a: 2'
            (Get-AcmConfigHistory app.yaml).Operation -join ' '
            Get-AcmConfigHistory app.yaml | Select-Object -Last 1 | Restore-AcmConfig
            Get-AcmConfig app.yaml -Raw
            (Invoke-RestMethod "$($server.Uri)nacos/$(if ($generation[0] -eq '3') { 'v3/admin/cs/config?groupName=DEFAULT_GROUP&namespaceId=dev' } else { 'v1/cs/configs?show=all&group=DEFAULT_GROUP&tenant=dev' })&dataId=app.yaml" -NoProxy |
                ForEach-Object { if ($_.data) { $_.data } else { $_ } }).desc
            """);

        Assert.Equal(["Changed Changed Added", "a: 1", generation == "1" ? "second" : "first"], result.ThrowOnError().Texts);
    }
}
