using System.Diagnostics;
using Acm.Tests.Support;

namespace Acm.Tests.Shell;

/// <summary>The process that scripts share hands nothing from one script to the next, and returns what a process of its own would.</summary>
public sealed class SharedShellTests : IDisposable
{
    private readonly TemporaryFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task A_script_finds_nothing_that_an_earlier_one_changed()
    {
        const string State = """
            "$PID"; "$((Get-Location).Path) $([Environment]::CurrentDirectory)"
            "$ErrorActionPreference $WhatIfPreference $($PSDefaultParameterValues.Count) $($Error.Count) $global:left $LASTEXITCODE $(Test-Path alias:left) $(Test-Path function:left)"
            "$env:NO_COLOR $env:ACM_LEFT $env:ACM_GIVEN $env:ACM_PROFILE_PATH"
            "$((Get-Module Acm).Count) $((Get-AcmSession).Count) $([cultureinfo]::CurrentCulture.Name)"
            """;
        const string Change = """
            Set-Location /; [Environment]::CurrentDirectory = '/'
            $ErrorActionPreference = 'Stop'; $WhatIfPreference = $true; $PSDefaultParameterValues['*:Group'] = 'G'; $global:left = 1; $LASTEXITCODE = 3
            Set-Alias left Get-Date -WhatIf:$false; function left { }; Remove-Item env:NO_COLOR -WhatIf:$false; $env:ACM_LEFT = 1; [Environment]::SetEnvironmentVariable('ACM_GIVEN', 'changed')
            Write-Error x -ErrorAction SilentlyContinue; $null = Connect-Acm 127.0.0.1:1 -Direct; [cultureinfo]::CurrentCulture = 'tr-TR'
            "$PID"
            """;

        // Another test may use the shell between these scripts, and these then run in another one.
        string before;
        string changed;
        string after;
        var waited = Stopwatch.StartNew();
        do
        {
            before = (await SharedShell.RunAsync(State)).Output;
            changed = (await SharedShell.RunAsync(Change, new Dictionary<string, string?> { ["ACM_GIVEN"] = "1", ["ACM_PROFILE_PATH"] = _files.Path })).Output;
            after = (await SharedShell.RunAsync(State)).Output;
        }
        while ((Id(before) != Id(after) || Id(changed) != Id(after)) && waited.Elapsed < ModuleShell.Deadline);

        Assert.Equal(Id(after), Id(changed));
        Assert.Equal(before, after);
    }

    [Theory]
    [InlineData("'out'; Write-Error 'not found' -ErrorAction Continue; exit 3", 3, "out", "not found")]
    [InlineData("'out'; exit 0", 0, "out", "")]
    [InlineData("'out'", 0, "out", "")]
    [InlineData("'out'; throw 'it ended'", 1, "out", "it ended")]
    [InlineData("Write-Warning 'warned'; Write-Information 'told' -InformationAction Continue", 0, "WARNING: warned\ntold", "")]
    public async Task Output_errors_and_the_exit_code_are_those_of_a_process(string script, int exitCode, string output, string error)
    {
        string file = _files.Write("script.ps1", script);

        ShellResult shared = await SharedShell.RunFileAsync(file, []);
        ShellResult own = await PowerShellProcess.RunAsync(["-File", file]);

        Assert.Equal((exitCode, output), (shared.ExitCode, shared.Output));
        Assert.Equal((exitCode, output), (own.ExitCode, own.Output));
        Assert.Equal((error.Length == 0, error.Length == 0), (shared.Errors.Length == 0, own.Errors.Length == 0));
        Assert.Contains(error, shared.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_a_script_starts_ends_with_the_script()
    {
        ShellResult result = await SharedShell.RunAsync("(Start-AcmServer -InMemory).ProcessId");

        int id = int.Parse(result.Output, System.Globalization.CultureInfo.InvariantCulture);
        Process? server = Process.GetProcesses().FirstOrDefault(p => p.Id == id);
        if (server is not null)
            await server.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(ModuleShell.Deadline, TestContext.Current.CancellationToken);
    }

    private static string Id(string output) => output.Split('\n')[0];
}
