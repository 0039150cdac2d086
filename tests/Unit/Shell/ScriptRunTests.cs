using Acm.Tests.Support;

namespace Acm.Tests.Shell;

public sealed class ScriptRunTests : IDisposable
{
    private readonly ScriptFolder _folder = new();

    [Fact]
    public async Task A_script_gets_its_arguments_as_pwsh_would_give_them()
    {
        string file = _folder.Write("arguments.ps1", """
            param([string]$Name, [switch]$On, [switch]$Off, [string]$Text, [Parameter(ValueFromRemainingArguments)]$Rest)
            "$Name|$On|$Off|$Text|$Rest|$PSScriptRoot|$PSCommandPath"
            """);

        ShellResult result = await AcmShellProcess.RunAsync(
            ["-NoModule", "-File", file, "-Name:v", "-On", "-Off:$false", "-Text:", "-not a switch", "a b", "2"]);

        Assert.Equal($"v|True|False|-not a switch|a b 2|{_folder.Path}|{file}", result.Output);
    }

    [Fact]
    public async Task Objects_go_to_standard_output_errors_to_standard_error_and_neither_is_coloured()
    {
        // Write-Host comes first: the formatter holds a table's first rows back for a moment, as in every PowerShell host.
        string file = _folder.Write("streams.ps1", """
            Write-Host 'red' -ForegroundColor Red
            [pscustomobject]@{ Name = 'one'; Size = 1 }
            Get-Nope
            "$($PSStyle.Foreground.Green)green$($PSStyle.Reset)"
            """);

        ShellResult result = await AcmShellProcess.RunAsync(["-NoModule", file]);

        Assert.Equal("red\n\nName Size\n---- ----\none     1\ngreen", result.Output);
        Assert.StartsWith($"Get-Nope: {file}:3", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', result.Errors);
    }

    [Fact]
    public async Task An_uncaught_error_is_shown_with_its_place_in_the_script()
    {
        string file = _folder.Write("throw.ps1", "'first words'\nthrow 'last words'");

        ShellResult result = await AcmShellProcess.RunAsync(["-NoModule", file]);

        Assert.Equal("first words", result.Output);
        Assert.Equal($"Exception: {file}:2\nLine |\n   2 |  throw 'last words'\n     |  ~~~~~~~~~~~~~~~~~~\n     | last words", result.Errors);
    }

    [Fact]
    public async Task A_wide_table_is_formatted_for_120_columns_and_Chinese_text_keeps_the_columns()
    {
        ShellResult result = await AcmShellProcess.RunAsync(
            ["-NoModule", "-Command", "$Host.UI.RawUI.BufferSize.Width; [pscustomobject]@{ A = '中文'; B = 1 }, [pscustomobject]@{ A = 'abcde'; B = 2 }"]);

        Assert.Equal("120\n\nA     B\n-     -\n中文  1\nabcde 2", result.Output);
    }

    [Theory]
    [InlineData("-NonInteractive", "NonInteractive mode")]
    [InlineData("-NoProfile", "Standard input is redirected")]
    public async Task A_question_that_no_one_can_answer_fails_at_once(string option, string expected)
    {
        string file = _folder.Write("ask.ps1", """
            function Get-Answer { [CmdletBinding()] param([Parameter(Mandatory)] $Question) $Question }
            Remove-Item $PSCommandPath -Confirm
            Get-Answer
            Test-Path $PSCommandPath
            """);
        // Standard input stays open: a shell that reads it would wait for ever.
        using AcmShellProcess shell = AcmShellProcess.Start([option, "-NoModule", file]);

        ShellResult result = await shell.WaitForExitAsync();

        Assert.Contains(expected, result.Errors, StringComparison.Ordinal);
        Assert.Contains("missing mandatory parameters: Question", result.Errors, StringComparison.Ordinal);
        Assert.Equal("True", result.Output);
    }

    [Fact]
    public async Task The_module_is_imported_from_its_folder_which_is_the_whole_module_path()
    {
        _folder.Write("Acm/Acm.psd1", "@{ RootModule = 'Acm.psm1'; ModuleVersion = '0.1.0'; FunctionsToExport = 'Get-AcmThing'; FormatsToProcess = 'Acm.Format.ps1xml' }");
        _folder.Write("Acm/Acm.psm1", "function Get-AcmThing { [pscustomobject]@{ PSTypeName = 'Acm.Thing'; Key = 'k'; Secret = 's' } }");
        _folder.Write("Acm/Acm.Format.ps1xml", """
            <Configuration><ViewDefinitions><View><Name>Thing</Name><ViewSelectedBy><TypeName>Acm.Thing</TypeName></ViewSelectedBy>
            <TableControl><TableRowEntries><TableRowEntry><TableColumnItems><TableColumnItem><PropertyName>Key</PropertyName></TableColumnItem>
            </TableColumnItems></TableRowEntry></TableRowEntries></TableControl></View></ViewDefinitions></Configuration>
            """);
        _folder.Write("Other/Other.psd1", "@{ RootModule = 'Other.psm1'; ModuleVersion = '1.0'; FunctionsToExport = 'Get-Other' }");
        _folder.Write("Other/Other.psm1", "function Get-Other { 'other' }");
        var environment = new Dictionary<string, string?> { ["ACM_MODULE_PATH"] = _folder.Path, ["PSModulePath"] = "/nowhere" };

        ShellResult result = await AcmShellProcess.RunAsync(
            ["-Command", "$env:PSModulePath; Get-Other; Import-Module Acm; @(Get-Module Acm).Count; Get-AcmThing"], environment: environment);

        Assert.Equal($"{_folder.Path}\nother\n1\n\nKey\n---\nk", result.Output);
    }

    [Fact]
    public async Task A_module_that_is_not_there_is_named_and_ends_the_shell()
    {
        var environment = new Dictionary<string, string?> { ["ACM_MODULE_PATH"] = _folder.Path };

        ShellResult result = await AcmShellProcess.RunAsync(["-Command", "'not reached'"], environment: environment);

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Contains(_folder.Path, result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_host_names_itself_and_help_is_at_hand()
    {
        ShellResult host = await AcmShellProcess.RunAsync(["-NoModule", "-c", "$Host.Name; (Get-Help ForEach-Object).Name"]);
        ShellResult help = await AcmShellProcess.RunAsync(["-h"]);

        Assert.Equal("AcmShell\nForEach-Object", host.Output);
        Assert.Contains("-NonInteractive", help.Output, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
