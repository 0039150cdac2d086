using Acm.Tests.Support;

namespace Acm.Tests.Commands;

public sealed class FindAcmConfigTests(ModuleServer server) : IClassFixture<ModuleServer>
{
    [Fact]
    public void Without_parameters_all_keys_of_the_namespace_are_listed()
    {
        ModuleShell shell = Filled();

        ModuleResult result = shell.Run("Find-AcmConfig");

        Assert.Equal(["DEFAULT_GROUP/app.a", "DEFAULT_GROUP/other", "G/app.b"], result.Texts.Order(StringComparer.Ordinal));
        Assert.All(result.Output, key => Assert.Contains("Acm.Client.ConfigItem", key.TypeNames));
        Assert.All(result.Output, key => Assert.Equal(shell["ns"], key.Properties["Namespace"].Value));
    }

    [Theory]
    [InlineData("Find-AcmConfig app*", "DEFAULT_GROUP/app.a G/app.b")]
    [InlineData("Find-AcmConfig app* G", "G/app.b")]
    [InlineData("Find-AcmConfig *.a, other", "DEFAULT_GROUP/app.a DEFAULT_GROUP/other")]
    [InlineData("'*.b', 'other' | Find-AcmConfig", "DEFAULT_GROUP/other G/app.b")]
    [InlineData("Find-AcmConfig -Group G", "G/app.b")]
    [InlineData("Find-AcmConfig APP*", "")]
    [InlineData("Find-AcmConfig nothing", "")]
    public void Wildcards_choose_ordinally(string script, string expected)
    {
        ModuleShell shell = Filled();

        ModuleResult result = shell.Run(script);

        Assert.Empty(result.Errors);
        Assert.Equal(expected, string.Join(" ", result.Texts.Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("Find-AcmConfig '[', other")]
    [InlineData("'[', 'other' | Find-AcmConfig")]
    public void A_pattern_that_is_none_is_an_error_of_its_own(string script)
    {
        ModuleShell shell = Filled();

        ModuleResult result = shell.Run(script);

        Assert.Equal("AcmInvalidKey", result.ErrorId);
        Assert.Equal(["DEFAULT_GROUP/other"], result.Texts);
    }

    [Fact]
    public void The_first_of_many_ends_the_listing()
    {
        ModuleShell shell = server.Connect();
        shell.Run("1..600 | ForEach-Object { [pscustomobject]@{ DataId = \"k$_\"; Content = 'v' } } | Set-AcmConfig").ThrowOnError();

        ModuleResult result = shell.Run("Find-AcmConfig | Select-Object -First 3");
        ModuleResult all = shell.Run("Find-AcmConfig");

        Assert.Empty(result.Errors);
        Assert.Equal(3, result.Output.Count);
        Assert.Equal(600, all.Texts.Distinct().Count());
    }

    private ModuleShell Filled()
    {
        ModuleShell shell = server.Connect();
        shell.Run("Set-AcmConfig app.a 'x'; Set-AcmConfig app.b 'x' -Group G; Set-AcmConfig other 'x'").ThrowOnError();
        return shell;
    }
}
