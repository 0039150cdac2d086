using Acm.Tests.Support;

namespace Acm.Tests.Commands;

public sealed class RemoveAcmConfigTests(ModuleServer server) : IClassFixture<ModuleServer>
{
    [Theory]
    [InlineData("Remove-AcmConfig a", "DEFAULT_GROUP/ab DEFAULT_GROUP/b G/a")]
    [InlineData("Remove-AcmConfig a, b", "DEFAULT_GROUP/ab G/a")]
    [InlineData("Remove-AcmConfig a*", "DEFAULT_GROUP/b G/a")]
    [InlineData("Remove-AcmConfig a* -Group *", "DEFAULT_GROUP/b")]
    [InlineData("Remove-AcmConfig a -Group G", "DEFAULT_GROUP/a DEFAULT_GROUP/ab DEFAULT_GROUP/b")]
    [InlineData("Find-AcmConfig a* | Remove-AcmConfig", "DEFAULT_GROUP/b")]
    [InlineData("Get-AcmConfig a G | Remove-AcmConfig", "DEFAULT_GROUP/a DEFAULT_GROUP/ab DEFAULT_GROUP/b")]
    [InlineData("'a', 'ab' | Remove-AcmConfig -ThrottleLimit 1", "DEFAULT_GROUP/b G/a")]
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

        ModuleResult result = shell.Run("Remove-AcmConfig a* -Verbose");

        Assert.Contains(result.Verbose, line => line.Contains("DEFAULT_GROUP/a ", StringComparison.Ordinal) && line.Contains("Remove configuration", StringComparison.Ordinal));
        Assert.Contains(result.Verbose, line => line.Contains("DEFAULT_GROUP/ab", StringComparison.Ordinal) && line.Contains("Remove configuration", StringComparison.Ordinal));
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
