using Acm.Tests.Support;

namespace Acm.Tests.Commands;

/// <summary>The output of -WhatIf and -Confirm for a publish and a removal.</summary>
public sealed class ChangePreviewTests(ModuleServer server) : IClassFixture<ModuleServer>
{
    [Fact]
    public async Task WhatIf_names_server_and_namespace_and_shows_the_diff()
    {
        (string Command, string Expected)[] cases =
        [
            ("Set-AcmConfig changed @('a', 'B', 'c')", "What if: Change DEFAULT_GROUP/changed in {0}\n  @@ -1,3 +1,3 @@\n   a\n  -b\n  +B\n   c\n"),
            ("Set-AcmConfig same \"x`n\"", "What if: Change DEFAULT_GROUP/same in {0}\n  @@ -1 +1 @@\n  -x\n  \\ No newline at end of file\n  +x\n"),
            ("Set-AcmConfig new 'x' -Group SHOP", "What if: Add SHOP/new in {0}\n  @@ -0,0 +1 @@\n  +x\n"),
            ("Set-AcmConfig same 'x'", "What if: Publish DEFAULT_GROUP/same in {0} (unchanged)\n"),
            ("Set-AcmConfig db 'password=new'", "What if: Change DEFAULT_GROUP/db in {0}\n  @@ -1 +1 @@\n  -password=***\n  +password=***\n"),
            ("Remove-AcmConfig same", "What if: Remove DEFAULT_GROUP/same in {0}\n  @@ -1 +0,0 @@\n  -x\n"),
            ("Remove-AcmConfig d*", "What if: Remove DEFAULT_GROUP/db in {0}\n  @@ -1 +0,0 @@\n  -password=***\n"),
            ("Set-AcmConfig cipher-x 'new' -AllowPlaintext", "What if: Change DEFAULT_GROUP/cipher-x in {0}\n  (not shown: the content is encrypted or could not be read)\n"),
        ];
        ModuleShell shell = Filled();

        ShellResult result = await RunAsync(shell, string.Join("; '== end of case'; ", cases.Select(one => one.Command + " -WhatIf")));

        Assert.Equal("", result.Errors);
        string[] shown = (result.Output + "\n").Split("== end of case\n");
        Assert.Equal(cases.Length, shown.Length);
        Assert.All(cases.Zip(shown), pair => Assert.StartsWith(string.Format(null, pair.First.Expected, $"namespace {shell["ns"]} of {server.Endpoint}"), pair.Second, StringComparison.Ordinal));
        Assert.Equal(4, shell.Run("Find-AcmConfig").Output.Count);
        Assert.Equal(["a\nb\nc"], shell.Run("Get-AcmConfig changed -Raw").Texts);
    }

    [Theory]
    [InlineData("Set-AcmConfig same 'y' -NoClobber -WhatIf", "AcmConfigExists")]
    [InlineData("Set-AcmConfig same 'y' -IfMatch 0123456789abcdef0123456789abcdef -WhatIf", "AcmConflict")]
    [InlineData("$null = Connect-Acm 127.0.0.1:1 -Direct -NoSnapshot -TimeoutSec 2; Set-AcmConfig same 'y' -WhatIf", "AcmServerUnavailable")]
    [InlineData("$null = Connect-Acm 127.0.0.1:1 -Direct -NoSnapshot -TimeoutSec 2; Remove-AcmConfig same -WhatIf", "AcmServerUnavailable")]
    public void WhatIf_fails_where_the_write_would_fail(string script, string id)
    {
        ModuleShell shell = Filled();

        ModuleResult result = shell.Run(script);

        Assert.Equal(id, result.ErrorId);
        Assert.Equal("DEFAULT_GROUP/same", result.Error.TargetObject.ToString());
    }

    [Fact]
    public void Confirm_asks_with_the_diff()
    {
        ModuleShell shell = Filled();

        ModuleResult result = shell.Run("Set-AcmConfig same 'y' -Confirm");

        Assert.Equal("AcmConfirmationImpossible", result.ErrorId);
        Assert.Contains("\n  -x\n", result.Error.Exception.Message, StringComparison.Ordinal);
        Assert.Contains("\n  +y ", result.Error.Exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Remove-AcmConfig typo", "Configuration 'DEFAULT_GROUP/typo' was not found in {0}: there is nothing to remove. Names are case-sensitive.")]
    [InlineData("Remove-AcmConfig typo -WhatIf", "Configuration 'DEFAULT_GROUP/typo' was not found in {0}: there is nothing to remove. Names are case-sensitive.")]
    [InlineData("Remove-AcmConfig one, same, two", "2 configurations were not found in {0}: there is nothing to remove. Names are case-sensitive. DEFAULT_GROUP/one, DEFAULT_GROUP/two")]
    [InlineData("Remove-AcmConfig same", null)]
    [InlineData("Find-AcmConfig same | Remove-AcmConfig", null)]
    [InlineData("Remove-AcmConfig none*", null)]
    public void A_name_that_does_not_exist_is_warned_of(string script, string? expected)
    {
        ModuleShell shell = Filled();

        ModuleResult result = shell.Run(script);

        Assert.Empty(result.Errors);
        Assert.Equal(expected is null ? [] : [string.Format(null, expected, $"namespace {shell["ns"]} of {server.Endpoint}")], result.Warnings);
    }

    [Fact]
    public void What_was_removed_is_counted_without_what_did_not_exist()
    {
        ModuleShell shell = Filled();

        ModuleResult result = shell.Run("'typo', 'same', 'db' | Remove-AcmConfig -Force 6>&1 3>$null | ForEach-Object { \"$_\" }");

        Assert.Equal([$"Removed 2 configurations from namespace {shell["ns"]} of {server.Endpoint}."], result.Texts);
    }

    private ModuleShell Filled()
    {
        ModuleShell shell = server.Connect();
        shell.Run("Set-AcmConfig changed \"a`nb`nc\"; Set-AcmConfig same 'x'; Set-AcmConfig db 'password=old'; Set-AcmConfig cipher-x 'old' -AllowPlaintext").ThrowOnError();
        return shell;
    }

    private Task<ShellResult> RunAsync(ModuleShell shell, string command) =>
        SharedShell.RunAsync($"$null = Connect-Acm {server.Endpoint} {shell["ns"]} -NoSnapshot; {command}");
}
