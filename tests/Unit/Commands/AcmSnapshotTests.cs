using Acm.Tests.Support;

namespace Acm.Tests.Commands;

public sealed class AcmSnapshotTests : IClassFixture<ModuleServer>, IDisposable
{
    private readonly TemporaryFiles _files = new();
    private readonly ModuleShell _shell;

    public AcmSnapshotTests(ModuleServer server)
    {
        _shell = server.Connect();
        _shell.Location = _files.Path;
        _shell.Run("""
            $null = Connect-Acm $endpoint $ns -SnapshotPath ./snapshots -FailoverPath /no-such-folder
            Set-AcmConfig app.yaml 'a: 1'
            Set-AcmConfig db.json '{}' -Group SHOP
            Set-AcmConfig other.txt 'x' -Namespace elsewhere
            """).ThrowOnError();
    }

    public void Dispose() => _files.Dispose();

    [Fact]
    public void The_snapshots_of_the_sessions_namespace_are_listed()
    {
        ModuleResult result = _shell.Run("Get-AcmSnapshot");

        Assert.Empty(result.Errors);
        Assert.Equal(["DEFAULT_GROUP/app.yaml", "SHOP/db.json"], result.Texts.Order(StringComparer.Ordinal));
        Assert.All(result.Output, snapshot => Assert.Equal("Acm.Client.Local.SnapshotInfo", snapshot.TypeNames[0]));
        Assert.All(result.Output, snapshot => Assert.Equal("Found", snapshot.Properties["State"].Value.ToString()));
    }

    [Theory]
    [InlineData("Get-AcmSnapshot -Namespace *", 3)]
    [InlineData("Get-AcmSnapshot -Namespace elsewhere", 1)]
    [InlineData("Get-AcmSnapshot app*", 1)]
    [InlineData("Get-AcmSnapshot -Group SH*", 1)]
    [InlineData("Get-AcmSnapshot APP*", 0)]
    [InlineData("Disconnect-Acm; Get-AcmSnapshot -Path ./snapshots", 3)]
    [InlineData("Get-AcmSnapshot -Path ./none", 0)]
    public void Filters_and_folders_choose_what_is_listed(string script, int expected)
    {
        ModuleResult result = _shell.Run(script);

        Assert.Empty(result.Errors);
        Assert.Equal(expected, result.Output.Count);
    }

    [Fact]
    public void A_folder_with_brackets_in_its_name_is_given_as_it_is()
    {
        _shell.Run("$null = Connect-Acm $endpoint $ns -SnapshotPath './odd[1]'; Set-AcmConfig a '1'; Set-AcmConfig b '2'; Disconnect-Acm").ThrowOnError();

        ModuleResult wild = _shell.Run("Get-AcmSnapshot -Path './odd[1]'");
        ModuleResult literal = _shell.Run("Get-AcmSnapshot -LiteralPath './odd[1]'; Clear-AcmSnapshot a -LiteralPath './odd[1]'; Get-AcmSnapshot -PSPath './odd[1]'");

        Assert.Equal("AcmInvalidParameter", wild.ErrorId);
        Assert.Contains("Use -LiteralPath", wild.Error.ToString(), StringComparison.Ordinal);
        Assert.Empty(literal.Errors);
        Assert.Equal(["DEFAULT_GROUP/a", "DEFAULT_GROUP/b", "DEFAULT_GROUP/b"], literal.Texts.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Get-AcmSnapshot -Path ./file")]
    [InlineData("Clear-AcmSnapshot -LiteralPath ./file -Force")]
    [InlineData("Get-AcmSnapshot -Path env:")]
    public void What_is_no_folder_is_an_error(string script)
    {
        _files.Write("file", "x");

        ModuleResult result = _shell.Run(script);

        Assert.Equal("AcmInvalidParameter", result.ErrorId);
        Assert.Contains("is not a single folder in the file system.", result.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Raw_writes_the_content()
    {
        ModuleResult result = _shell.Run("Get-AcmSnapshot app.yaml -Raw");

        Assert.Equal(["a: 1"], result.Texts);
    }

    [Fact]
    public void A_removed_configuration_is_a_marker()
    {
        ModuleResult result = _shell.Run("Remove-AcmConfig app.yaml; (Get-AcmSnapshot app.yaml).State; Get-AcmSnapshot app.yaml -Raw");

        Assert.Equal(["Absent"], result.Texts);
    }

    [Fact]
    public void Without_a_connection_or_snapshots_it_says_what_to_do()
    {
        ModuleResult none = _shell.Run("$null = Connect-Acm $endpoint -NoSnapshot; Get-AcmSnapshot");
        ModuleResult ended = _shell.Run("Disconnect-Acm; Get-AcmSnapshot");

        Assert.Equal("AcmInvalidParameter", none.ErrorId);
        Assert.Contains("-Path", none.Error.Exception.Message, StringComparison.Ordinal);
        Assert.Equal("AcmNotConnected", ended.ErrorId);
    }

    [Fact]
    public void Those_that_are_meant_are_cleared_without_a_question()
    {
        ModuleResult result = _shell.Run("Clear-AcmSnapshot app*; Get-AcmSnapshot -Namespace *");

        Assert.Empty(result.Errors);
        Assert.Equal(["DEFAULT_GROUP/other.txt", "SHOP/db.json"], result.Texts.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Those_that_are_piped_are_cleared()
    {
        ModuleResult result = _shell.Run("Get-AcmSnapshot -Group SHOP | Clear-AcmSnapshot; Get-AcmSnapshot; Get-AcmSnapshot none | Clear-AcmSnapshot; Get-AcmSnapshot");

        Assert.Empty(result.Errors);
        Assert.Equal(["DEFAULT_GROUP/app.yaml", "DEFAULT_GROUP/app.yaml"], result.Texts);
    }

    [Fact]
    public void All_of_a_namespace_are_cleared_after_a_question_or_with_Force_and_no_others()
    {
        ModuleResult asked = _shell.Run("Clear-AcmSnapshot");
        ModuleResult forced = _shell.Run("Clear-AcmSnapshot -Force; Get-AcmSnapshot -Namespace *");

        Assert.Equal("AcmConfirmationImpossible", asked.ErrorId);
        Assert.Empty(forced.Errors);
        Assert.Equal(["DEFAULT_GROUP/other.txt"], forced.Texts);
    }

    [Fact]
    public void WhatIf_clears_nothing()
    {
        ModuleResult result = _shell.Run("Clear-AcmSnapshot -WhatIf; Clear-AcmSnapshot app* -WhatIf; @(Get-AcmSnapshot).Count");

        Assert.Empty(result.Errors);
        Assert.Equal(["2"], result.Texts);
    }

    [Fact]
    public void What_is_piped_and_is_no_snapshot_is_an_error()
    {
        ModuleResult result = _shell.Run("'app.yaml' | Clear-AcmSnapshot; @(Get-AcmSnapshot).Count");

        Assert.Equal("AcmInvalidParameter", result.ErrorId);
        Assert.Equal(["2"], result.Texts);
    }
}
