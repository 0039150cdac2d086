using Acm.Tests.Support;

namespace Acm.Tests.Commands;

/// <summary>Gray versions on each generation of Nacos.</summary>
public sealed class GrayTests
{
    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    [InlineData("3")]
    [InlineData("3.2")]
    public void A_beta_version_is_published_read_and_removed_and_told_of_where_it_outlives_the_formal_content(string generation)
    {
        ModuleResult result = Run(generation, """
            Set-AcmConfig app.yaml 'formal'
            Set-AcmConfig app.yaml 'beta' -BetaIp 10.1.2.3, 10.1.2.4
            Get-AcmConfig app.yaml -Beta | ForEach-Object { "$($_.Content) $($_.BetaIp -join ',')" }
            Get-AcmConfig app.yaml -Raw
            Remove-AcmConfig app.yaml -Confirm:$false -WarningVariable left -WarningAction SilentlyContinue
            "$left"
            Remove-AcmConfig app.yaml -Beta -Confirm:$false
            try { Get-AcmConfig app.yaml -Beta -ErrorAction Stop } catch { $_.FullyQualifiedErrorId }
            try { Remove-AcmConfig app.yaml -Beta -Confirm:$false -ErrorAction Stop } catch { $_.FullyQualifiedErrorId }
            """);

        Assert.Equal(
            [
                "beta 10.1.2.3,10.1.2.4",
                "formal",
                "'DEFAULT_GROUP/app.yaml' was removed, but its beta version is still stored. The beta version is served again when 'DEFAULT_GROUP/app.yaml' is published again. Run Remove-AcmConfig -Beta to remove it.",
                "AcmConfigNotFound,AcmPowerShell.GetAcmConfigCommand",
                "AcmConfigNotFound,AcmPowerShell.RemoveAcmConfigCommand",
            ],
            result.ThrowOnError().Texts);
    }

    [Fact]
    public void A_beta_is_published_to_all_and_ended_in_one_line_and_stays_where_that_fails()
    {
        ModuleResult result = Run("3", """
            Set-AcmConfig app.yaml 'beta' -BetaIp 10.1.2.3
            $wrong = Get-AcmConfig app.yaml -Beta
            $wrong | Set-AcmConfig -IfMatch 00000000000000000000000000000000 -PassThru -ErrorAction SilentlyContinue | Remove-AcmConfig -Beta
            Get-AcmConfig app.yaml -Beta -Raw
            Get-AcmConfig app.yaml -Beta | Set-AcmConfig -PassThru | Remove-AcmConfig -Beta
            Get-AcmConfig app.yaml -Raw
            try { Get-AcmConfig app.yaml -Beta -ErrorAction Stop } catch { $_.FullyQualifiedErrorId }
            """);

        Assert.Equal(["beta", "beta", "AcmConfigNotFound,AcmPowerShell.GetAcmConfigCommand"], result.ThrowOnError().Texts);
    }

    [Fact]
    public void A_preview_shows_what_changes_of_the_beta()
    {
        using var server = new ModuleServer();

        ModuleResult result = server.Open().Run("""
            $null = Connect-Acm -Server $server.Endpoint -NoSnapshot -FailoverPath /no-such-folder -TimeoutSec 30
            Set-AcmConfig app.yaml 'formal'; Set-AcmConfig app.yaml 'a: 1' -BetaIp 10.1.2.3
            Set-AcmConfig app.yaml 'a: 2' -BetaIp 10.1.2.3 -Confirm
            """);

        Assert.Equal("AcmConfirmationImpossible", result.ErrorId);
        Assert.Contains("Publish the beta version of DEFAULT_GROUP/app.yaml in", result.Error.Exception.Message, StringComparison.Ordinal);
        Assert.Contains("\n  -a: 1\n", result.Error.Exception.Message, StringComparison.Ordinal);
        Assert.Contains("\n  +a: 2", result.Error.Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_preview_of_a_removal_shows_the_content_of_the_beta()
    {
        using var server = new ModuleServer();
        ModuleShell shell = server.Open();

        ModuleResult result = shell.Run("""
            $null = Connect-Acm -Server $server.Endpoint -NoSnapshot -FailoverPath /no-such-folder -TimeoutSec 30
            Set-AcmConfig app.yaml 'formal'; Set-AcmConfig app.yaml 'a: 1' -BetaIp 10.1.2.3
            Remove-AcmConfig app.yaml -Beta -Confirm
            """);
        ModuleResult missing = shell.Run("try { Remove-AcmConfig none.yaml -Beta -WhatIf -ErrorAction Stop } catch { $_.FullyQualifiedErrorId }");

        Assert.Equal("AcmConfirmationImpossible", result.ErrorId);
        Assert.Contains("Remove the beta version of DEFAULT_GROUP/app.yaml in", result.Error.Exception.Message, StringComparison.Ordinal);
        Assert.Contains("\n  -a: 1", result.Error.Exception.Message, StringComparison.Ordinal);
        Assert.Equal(["AcmConfigNotFound,AcmPowerShell.RemoveAcmConfigCommand"], missing.ThrowOnError().Texts);
    }

    [Theory]
    [InlineData("2", "beta")]
    [InlineData("3", "gray")]
    public void Changes_of_a_beta_are_in_the_history_and_not_used_for_a_restore(string generation, string name)
    {
        ModuleResult result = Run(generation, """
            Set-AcmConfig app.yaml 'a: 1'; Set-AcmConfig app.yaml 'a: 2'
            Set-AcmConfig app.yaml 'beta' -BetaIp 10.1.2.3
            $gray = Get-AcmConfigHistory app.yaml -Content -Diff -IncludeGray | Where-Object GrayName
            "$($gray.Operation) $($gray.GrayName) $($null -eq $gray.Content) $($null -eq $gray.Diff)"
            (Get-AcmConfigHistory app.yaml -IncludeGray | Out-String -Width 120).Contains("app.yaml ($($gray.GrayName))")
            @(Get-AcmConfigHistory app.yaml | Where-Object GrayName).Count
            @(Get-AcmConfigHistory app.yaml -Content | Where-Object GrayName).Count
            try { Restore-AcmConfig app.yaml -Version $gray.Version -ErrorAction Stop } catch { $_.FullyQualifiedErrorId; $_.Exception.Message -like "*is a change of the gray version*" }
            Restore-AcmConfig app.yaml -Previous
            Get-AcmConfig app.yaml -Raw
            """);

        Assert.Equal([$"Added {name} True True", "True", "0", "0", "AcmConfigNotFound,AcmPowerShell.RestoreAcmConfigCommand", "True", "a: 1"], result.ThrowOnError().Texts);
    }

    [Fact]
    public void Of_several_that_are_removed_those_whose_beta_stays_are_told_in_one_warning()
    {
        ModuleResult result = Run("3", """
            1..20 | ForEach-Object { Set-AcmConfig "a$_" 1 }
            Set-AcmConfig a7 beta -BetaIp 10.1.2.3; Set-AcmConfig a8 beta -BetaIp 10.1.2.3
            Remove-AcmConfig a* -Force -WarningVariable left -WarningAction SilentlyContinue
            "$left"
            """);

        Assert.Equal(["2 configurations were removed, but their beta versions (such as that of 'DEFAULT_GROUP/a7') are still stored. The beta versions are served again when the configurations are published again. Run Remove-AcmConfig -Beta to remove them."], result.ThrowOnError().Texts);
    }

    [Fact]
    public void An_import_that_removes_tells_of_a_beta_that_stays()
    {
        using var files = new TemporaryFiles();
        File.WriteAllText(Path.Combine(files.Path, "kept.yaml"), "a: 1");

        ModuleResult result = Run("3", $$"""
            Set-AcmConfig kept.yaml 'a: 1'; Set-AcmConfig gone.yaml 'a: 1'
            Set-AcmConfig gone.yaml beta -BetaIp 10.1.2.3
            $null = Import-AcmConfig '{{files.Path}}' -Delete -Force -WarningVariable left -WarningAction SilentlyContinue
            "$left"
            """);

        Assert.Equal(["'DEFAULT_GROUP/gone.yaml' was removed, but its beta version is still stored. The beta version is served again when 'DEFAULT_GROUP/gone.yaml' is published again. Run Remove-AcmConfig -Beta to remove it."], result.ThrowOnError().Texts);
    }

    // The test server removes it, unlike Nacos 2.5 and 3.0.
    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    [InlineData("3")]
    public void A_version_of_a_tag_is_published_read_and_removed(string generation)
    {
        ModuleResult result = Run(generation, """
            Set-AcmConfig app.yaml 'formal'
            Set-AcmConfig app.yaml 'tagged' -GrayTag v2
            Get-AcmConfig app.yaml -GrayTag v2 -Raw
            Remove-AcmConfig app.yaml -GrayTag v2 -Confirm:$false
            Remove-AcmConfig app.yaml -GrayTag v2 -Confirm:$false -WarningVariable warning -WarningAction SilentlyContinue; "$warning"
            Get-AcmConfig app.yaml -Raw
            """);

        Assert.Equal(["tagged", "'DEFAULT_GROUP/app.yaml' in the default namespace was not served with the version of tag 'v2': there may have been nothing to remove.", "formal"], result.ThrowOnError().Texts);
    }

    // From 3.2 on no call returns the version of a tag.
    [Theory]
    [InlineData("1")]
    [InlineData("3.2")]
    public void PassThru_writes_the_version_of_a_tag_as_it_was_sent(string generation)
    {
        ModuleResult result = Run(generation, """
            Set-AcmConfig app.yaml 'tagged' -GrayTag v2 -PassThru | ForEach-Object { "$($_.Group)/$($_.DataId) $($_.Content) $($_.Md5) $($_.Source) $($_.Server -eq $server.Endpoint)" }
            """);

        Assert.Equal(["DEFAULT_GROUP/app.yaml tagged 44ec3770dad9ca5669c4e32439c4c9a1 Server True"], result.ThrowOnError().Texts);
    }

    [Theory]
    [InlineData("Set-AcmConfig a 1 -BetaIp 'not an ip'")]
    [InlineData("Set-AcmConfig a 1 -BetaIp 10.1.2")]
    [InlineData("Set-AcmConfig a 1 -BetaIp 10.1.2.3, 0x0a.1.2.3")]
    [InlineData("Set-AcmConfig a 1 -BetaIp 010.1.2.3")]
    [InlineData("Set-AcmConfig a 1 -BetaIp 10.1.2.3 -GrayTag x")]
    [InlineData("Set-AcmConfig a 1 -BetaIp 10.1.2.3 -NoClobber")]
    [InlineData("Set-AcmConfig a 1 -GrayTag 'seventeen-letters'")]
    [InlineData("Get-AcmConfig a -Beta -GrayTag x")]
    [InlineData("Get-AcmConfig * -Beta")]
    [InlineData("Remove-AcmConfig a -Beta -GrayTag x")]
    public void Parameters_that_mean_nothing_together_are_refused(string command)
    {
        using ModuleShell shell = ModuleShell.Open();

        Assert.Equal("AcmInvalidParameter", shell.Run($"$null = Connect-Acm -Server 127.0.0.1:1 -NoSnapshot; {command}").ErrorId);
    }

    [Fact]
    public void ACM_has_no_such_versions()
    {
        using ModuleShell shell = ModuleShell.Open();

        Assert.Equal("AcmCapabilityMissing", shell.Run("$null = Connect-Acm 127.0.0.1:1 -NoSnapshot; Get-AcmConfig a -Beta").ErrorId);
    }

    private static ModuleResult Run(string generation, string script)
    {
        using var server = new ModuleServer(generation);
        ModuleShell shell = server.Open();
        return shell.Run($$"""
            $null = Connect-Acm -Server $server.Endpoint -NoSnapshot -FailoverPath /no-such-folder -TimeoutSec 30
            {{script}}
            """);
    }
}
