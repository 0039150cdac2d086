using Acm.Tests.Support;

namespace Acm.Tests.Shell;

public sealed class ExitCodeTests : IDisposable
{
    private readonly ScriptFolder _folder = new();

    [Theory]
    [InlineData("'done'", 0)]
    [InlineData("exit 3", 3)]
    [InlineData("function Leave { exit 5 }; Leave; 'not reached'", 5)]
    [InlineData("throw 'x'", 1)]
    [InlineData("Get-Nope; 'an error that was written does not end a script'", 0)]
    [InlineData("if (", 1)]
    public async Task A_script_ends_with_the_code_of_pwsh(string script, int expected)
    {
        string file = _folder.Write("script.ps1", script);

        ShellResult result = await AcmShellProcess.RunAsync(["-NoModule", file]);

        Assert.Equal(expected, result.ExitCode);
    }

    [Theory]
    [InlineData("'done'", 0)]
    [InlineData("exit 3", 3)]
    [InlineData("Get-Nope", 1)]
    [InlineData("throw 'x'", 1)]
    public async Task A_command_ends_with_the_code_of_pwsh(string command, int expected)
    {
        ShellResult result = await AcmShellProcess.RunAsync(["-NoModule", "-Command", command]);

        Assert.Equal(expected, result.ExitCode);
    }

    [Fact]
    public async Task A_script_from_standard_input_runs_as_a_command_does()
    {
        ShellResult result = await AcmShellProcess.RunAsync(["-NoModule"], input: "'one'\nif ($true) {\n  'two'\n}\nexit 6\n");

        Assert.Equal((6, "one\ntwo"), (result.ExitCode, result.Output));
    }

    [Theory]
    [InlineData("-Bogus")]
    [InlineData("-No")]
    [InlineData("-Command")]
    [InlineData("missing.ps1", "-NoModule")]
    public async Task A_wrong_command_line_ends_with_64_and_names_what_is_wrong(string argument, string before = "-NonInteractive")
    {
        ShellResult result = await AcmShellProcess.RunAsync([before, argument]);

        Assert.Equal(64, result.ExitCode);
        Assert.Contains(argument, result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_stops_the_script_runs_its_finally_block_and_ends_with_130()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signal to send.");
        string file = _folder.Write("loop.ps1", "try { 'ready'; while ($true) { } } finally { [Console]::WriteLine('cleaned') }");
        using AcmShellProcess shell = AcmShellProcess.Start(["-NoModule", file]);
        await shell.WaitForLineAsync("ready");

        await shell.InterruptAsync();
        ShellResult result = await shell.WaitForExitAsync();

        Assert.Equal((130, "ready\ncleaned", ""), (result.ExitCode, result.Output, result.Errors));
    }

    [Fact]
    public async Task A_second_Ctrl_C_ends_a_call_that_cannot_be_stopped()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signal to send.");
        string command = "try { [Console]::WriteLine('ready'); [Threading.ManualResetEvent]::new($false).WaitOne() } finally { 'not reached' }";
        using AcmShellProcess shell = AcmShellProcess.Start(["-NoModule", "-Command", command]);
        await shell.WaitForLineAsync("ready");

        // Two signals that meet are one, so that the second may have to be sent again.
        Task<ShellResult> end = shell.WaitForExitAsync();
        await shell.InterruptAsync();
        do await shell.InterruptAsync();
        while (!end.IsCompleted);
        ShellResult result = await end;

        Assert.Equal((130, "ready"), (result.ExitCode, result.Output));
    }

    public void Dispose() => _folder.Dispose();
}
