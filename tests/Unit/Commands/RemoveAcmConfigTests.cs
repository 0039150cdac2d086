using Acm.Tests.Support;

namespace Acm.Tests.Commands;

public sealed class RemoveAcmConfigTests(ModuleServer server) : IClassFixture<ModuleServer>
{
    [Theory]
    [InlineData("Remove-AcmConfig a", "DEFAULT_GROUP/ab DEFAULT_GROUP/b G/a")]
    [InlineData("Remove-AcmConfig a, b", "DEFAULT_GROUP/ab G/a")]
    [InlineData("Remove-AcmConfig a* -Force", "DEFAULT_GROUP/b G/a")]
    [InlineData("Remove-AcmConfig a* -Group * -Confirm:$false", "DEFAULT_GROUP/b")]
    [InlineData("Remove-AcmConfig a -Group G", "DEFAULT_GROUP/a DEFAULT_GROUP/ab DEFAULT_GROUP/b")]
    [InlineData("Find-AcmConfig a* | Remove-AcmConfig -Force", "DEFAULT_GROUP/b")]
    [InlineData("Get-AcmConfig a G | Remove-AcmConfig", "DEFAULT_GROUP/a DEFAULT_GROUP/ab DEFAULT_GROUP/b")]
    [InlineData("'a', 'ab' | Remove-AcmConfig -ThrottleLimit 1 -Confirm:$false", "DEFAULT_GROUP/b G/a")]
    [InlineData("'a', 'a', 'a' | Remove-AcmConfig", "DEFAULT_GROUP/ab DEFAULT_GROUP/b G/a")]
    [InlineData("Remove-AcmConfig nothing, none*", "DEFAULT_GROUP/a DEFAULT_GROUP/ab DEFAULT_GROUP/b G/a")]
    [InlineData("Remove-AcmConfig * -Group * -WhatIf", "DEFAULT_GROUP/a DEFAULT_GROUP/ab DEFAULT_GROUP/b G/a")]
    public void What_is_named_is_removed_and_nothing_else(string script, string left)
    {
        ModuleShell shell = Filled();

        ModuleResult result = shell.Run(script);
        ModuleResult after = shell.Run("Find-AcmConfig");

        Assert.Empty(result.Errors);
        Assert.Empty(result.Output);
        Assert.Equal(left, string.Join(" ", after.Texts.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Each_key_that_a_wildcard_matches_is_asked_for_by_its_name()
    {
        ModuleShell shell = Filled();

        ModuleResult result = shell.Run("Remove-AcmConfig a* -Verbose -Force");

        Assert.Contains(result.Verbose, line => line.Contains("DEFAULT_GROUP/a ", StringComparison.Ordinal) && line.Contains("Remove configuration", StringComparison.Ordinal));
        Assert.Contains(result.Verbose, line => line.Contains("DEFAULT_GROUP/ab", StringComparison.Ordinal) && line.Contains("Remove configuration", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Remove-AcmConfig a*", "Remove 2 configurations from namespace {0} of {1}?\nDEFAULT_GROUP/a\nDEFAULT_GROUP/ab")]
    [InlineData("Remove-AcmConfig ab*", "Remove 1 configuration from namespace {0} of {1}?\nDEFAULT_GROUP/ab")]
    [InlineData("Find-AcmConfig a* | Remove-AcmConfig", "Remove 3 configurations from namespace {0} of {1}?\nDEFAULT_GROUP/a\nDEFAULT_GROUP/ab\nG/a")]
    [InlineData("'a', 'b' | Remove-AcmConfig", "Remove 2 configurations from namespace {0} of {1}?\nDEFAULT_GROUP/a\nDEFAULT_GROUP/b")]
    public void What_a_wildcard_matches_and_several_piped_keys_are_asked_for_once(string script, string question)
    {
        ModuleShell shell = Filled();

        ModuleResult result = shell.Run(script);

        Assert.Equal("AcmConfirmationImpossible", result.ErrorId);
        Assert.Contains(string.Format(null, question, shell["ns"], server.Endpoint), result.Error.Exception.Message, StringComparison.Ordinal);
        Assert.Contains("-Confirm:$false", result.Error.Exception.Message, StringComparison.Ordinal);
        Assert.Equal(4, shell.Run("Find-AcmConfig").Output.Count);
    }

    [Fact]
    public void What_was_done_is_told_to_the_host_in_a_line()
    {
        ModuleShell shell = Filled();

        ModuleResult result = shell.Run("Remove-AcmConfig a* -Force 6>&1 | ForEach-Object { \"$_\" }");

        Assert.Equal([$"Removed 2 configurations from namespace {shell["ns"]} of {server.Endpoint}."], result.Texts);
    }

    [Theory]
    [InlineData("Find-AcmConfig -Namespace $ns | Remove-AcmConfig -Session $other -Force")]
    [InlineData("Get-AcmConfig a -Namespace $ns | Set-AcmConfig -Session $other")]
    [InlineData("Find-AcmConfig -Namespace $ns | Register-AcmWatcher -Session $other")]
    [InlineData("Find-AcmConfig -Namespace $ns | Watch-AcmConfig -Session $other")]
    [InlineData("Find-AcmConfig -Namespace $ns | Copy-AcmConfig -Session $other -ToNamespace somewhere")]
    public void A_piped_object_of_another_namespace_is_an_error_of_its_own(string script)
    {
        ModuleShell shell = Filled();
        shell["there"] = server.NewNamespace();
        shell.Run("$other = Connect-Acm $endpoint $there -NoSnapshot; Set-AcmConfig a 'theirs'; $null = Connect-Acm $endpoint $ns -NoSnapshot").ThrowOnError();

        ModuleResult result = shell.Run(script);

        Assert.All(result.Errors, error => Assert.StartsWith("AcmInvalidParameter", error.FullyQualifiedErrorId, StringComparison.Ordinal));
        Assert.Contains($"was piped from namespace {shell["ns"]}, but this command works in namespace {shell["there"]} of {server.Endpoint}.", result.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Empty(result.Output);
        Assert.Equal(["theirs"], shell.Run("Get-AcmConfig a -Raw -Session $other").Texts);
    }

    [Fact]
    public void The_namespace_that_the_command_line_gives_is_the_one_that_is_meant()
    {
        ModuleShell shell = Filled();
        shell["there"] = server.NewNamespace();
        shell.Run("Set-AcmConfig a 'x' -Namespace $there").ThrowOnError();

        ModuleResult result = shell.Run("Find-AcmConfig a -Group DEFAULT_GROUP | Remove-AcmConfig -Namespace $there");

        Assert.Empty(result.Errors);
        Assert.Empty(shell.Run("Find-AcmConfig -Namespace $there").Output);
        Assert.Equal(4, shell.Run("Find-AcmConfig").Output.Count);
    }

    [Theory]
    [InlineData("'a', (Get-Date) | Remove-AcmConfig -Force")]
    [InlineData("'a', $null | Remove-AcmConfig -Force")]
    [InlineData("'a', [pscustomobject]@{ Name = 'b' } | Remove-AcmConfig -Force")]
    [InlineData("[pscustomobject]@{ DataId = 'a'; Group = 'DEFAULT_GROUP' }, [pscustomobject]@{ DataId = 'b'; Group = '' } | Remove-AcmConfig -Force")]
    [InlineData("[pscustomobject]@{ DataId = 'a' }, [pscustomobject]@{ DataId = '' } | Remove-AcmConfig -Force")]
    [InlineData("'a', (Get-Item /) | Remove-AcmConfig -Force")]
    public void A_record_that_names_nothing_ends_it_before_anything_is_done(string script)
    {
        ModuleShell shell = Filled();

        ModuleResult result = shell.Run(script);

        Assert.NotEmpty(result.Errors);
        Assert.Equal(4, shell.Run("Find-AcmConfig").Output.Count);
    }

    [Fact]
    public void A_question_that_can_not_be_asked_removes_nothing()
    {
        ModuleShell shell = Filled();

        ModuleResult result = shell.Run("Remove-AcmConfig a* -Confirm");
        ModuleResult after = shell.Run("Find-AcmConfig");

        Assert.Equal("AcmConfirmationImpossible", result.ErrorId);
        Assert.Equal(4, after.Output.Count);
    }

    private ModuleShell Filled()
    {
        ModuleShell shell = server.Connect();
        shell.Run("Set-AcmConfig a 'x'; Set-AcmConfig ab 'x'; Set-AcmConfig b 'x'; Set-AcmConfig a 'x' -Group G").ThrowOnError();
        return shell;
    }
}
