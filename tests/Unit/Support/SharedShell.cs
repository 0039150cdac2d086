using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Acm.Tests.Support;

/// <summary>
/// A process of PowerShell that runs one script after the other, each in a new runspace with the console's host, and with its own environment variables. Tests use it for scripts whose process is not the
/// subject, because a process for each takes a second of processor time. Use <see cref="PowerShellProcess"/> for arguments of the shell, prompts, signals, and what a process loads or leaves.
/// </summary>
internal sealed class SharedShell
{
    // Reads a case from each line, and writes a line with the exit code to both streams at its end: the exit code of the last script, or 1 after an error that ended the command.
    private const string Driver = """
        $before = [Environment]::GetEnvironmentVariables()
        $folder = [Environment]::CurrentDirectory
        while ($null -ne ($line = [Console]::In.ReadLine())) {
            $case = ConvertFrom-Json $line -AsHashtable
            foreach ($name in $case.Environment.Keys) {
                $value = if ($null -eq $case.Environment[$name]) { [NullString]::Value } else { $case.Environment[$name] }
                [Environment]::SetEnvironmentVariable($name, $value)
            }
            $runspace = [runspacefactory]::CreateRunspace($Host)
            $runspace.Open()
            $shell = [powershell]::Create($runspace).AddScript($case.Command)
            $display = [System.Management.Automation.Runspaces.Command]::new('Out-Default')
            $display.MergeUnclaimedPreviousCommandResults = 'Error, Output'
            $shell.Commands.Commands.Add($display)
            try {
                $null = $shell.Invoke()
                $code = [int] $runspace.SessionStateProxy.GetVariable('LASTEXITCODE')
            } catch {
                [Console]::Error.WriteLine("$_")
                $code = 1
            }
            $shell.Dispose()
            $runspace.Dispose()
            $after = [Environment]::GetEnvironmentVariables()
            foreach ($name in $after.Keys) { if (-not $before.Contains($name)) { [Environment]::SetEnvironmentVariable($name, [NullString]::Value) } }
            foreach ($name in $before.Keys) { if ($after[$name] -cne $before[$name]) { [Environment]::SetEnvironmentVariable($name, $before[$name]) } }
            [Environment]::CurrentDirectory = $folder
            [Console]::Out.Write("`n$($case.End) $code`n")
            [Console]::Error.Write("`n$($case.End) $code`n")
        }
        """;

    private static readonly ConcurrentStack<SharedShell> Idle = new();

    private readonly Process _process;

    static SharedShell() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        while (Idle.TryPop(out SharedShell? shell)) shell._process.Kill(entireProcessTree: true);
    };

    private SharedShell()
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var start = new ProcessStartInfo("dotnet", [PowerShellProcess.PowerShellPath, "-NoProfile", "-NonInteractive", "-Command", Driver])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = utf8,
            StandardOutputEncoding = utf8,
            StandardErrorEncoding = utf8,
        };
        PowerShellProcess.SetEnvironment(start, environment: null);
        _process = Process.Start(start)!;
    }

    /// <summary>Runs a script file like <c>pwsh -File</c>.</summary>
    /// <param name="file">The script.</param>
    /// <param name="arguments">Its arguments; names of parameters start with a dash.</param>
    /// <param name="environment">Variables to set during the script; null removes one.</param>
    public static Task<ShellResult> RunFileAsync(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null) =>
        RunAsync(string.Join(' ', [$"& {Quote(file)}", .. arguments.Select(argument => argument.StartsWith('-') ? argument : Quote(argument))]), environment);

    /// <summary>Runs a command like <c>pwsh -Command</c>. Only script files may exit: elsewhere, <c>exit</c> would end the shell.</summary>
    /// <param name="command">The command.</param>
    /// <param name="environment">Variables to set during the command; null removes one.</param>
    public static async Task<ShellResult> RunAsync(string command, IReadOnlyDictionary<string, string?>? environment = null)
    {
        if (!Idle.TryPop(out SharedShell? shell)) shell = new SharedShell();
        ShellResult result;
        try
        {
            result = await shell.RunCaseAsync(command, environment ?? new Dictionary<string, string?>()).WaitAsync(2 * ModuleShell.Deadline);
        }
        catch
        {
            shell._process.Kill(entireProcessTree: true);
            throw;
        }

        Idle.Push(shell);
        Canary.AssertAbsent(result.Output, "the shell's output");
        Canary.AssertAbsent(result.Errors, "the shell's standard error");
        return result;
    }

    private async Task<ShellResult> RunCaseAsync(string command, IReadOnlyDictionary<string, string?> environment)
    {
        string end = $"end of {Guid.NewGuid():N} ";
        Task<(string Text, string Code)> errors = ReadAsync(_process.StandardError, end);
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(new { Command = command, Environment = environment, End = end.TrimEnd() }));
        await _process.StandardInput.FlushAsync();
        (string output, string code) = await ReadAsync(_process.StandardOutput, end);
        return new ShellResult(int.Parse(code, CultureInfo.InvariantCulture), output, (await errors).Text);
    }

    private static async Task<(string Text, string Code)> ReadAsync(StreamReader reader, string end)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(end, StringComparison.Ordinal)) return (text.ToString().TrimEnd('\n'), line[end.Length..]);

            text.Append(line).Append('\n');
        }

        throw new InvalidOperationException($"The shell exited: {text}");
    }

    private static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
