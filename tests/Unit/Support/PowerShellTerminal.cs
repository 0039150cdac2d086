using System.Diagnostics;
using System.Text;

namespace Acm.Tests.Support;

/// <summary>
/// PowerShell in a pseudo-terminal of <c>script</c>, which is part of every Debian. The test acts as the screen and answers queries for the cursor position.
/// </summary>
internal sealed class PowerShellTerminal : IDisposable
{
    private const string CursorQuery = "\e[6n";
    private const string CursorAnswer = "\e[5;1R";
    private const char Interrupt = '\u0003';

    private readonly Process _process;
    private readonly TaskCompletionSource<int> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StringBuilder _screen = new();
    private readonly string _awaited;
    private readonly string _interruptedAt;
    private readonly Lock _lock = new();

    /// <summary>Runs a script file, and types Ctrl+C once.</summary>
    /// <param name="file">The script.</param>
    /// <param name="awaited">The text that completes <see cref="Seen"/>.</param>
    /// <param name="interruptedAt">The text on the screen at which Ctrl+C is typed.</param>
    public PowerShellTerminal(string file, string awaited, string interruptedAt)
    {
        (_awaited, _interruptedAt) = (awaited, interruptedAt);
        var start = new ProcessStartInfo("script", ["-qec", $"stty rows 30 cols 120; exec dotnet '{PowerShellProcess.PowerShellPath}' -NoProfile -File '{file}'", "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardOutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        };
        PowerShellProcess.SetEnvironment(start, new Dictionary<string, string?> { ["TERM"] = "xterm-256color", ["SHELL"] = "/bin/sh" });

        // A shell without colors does not draw progress bars either.
        start.Environment.Remove("NO_COLOR");
        _process = Process.Start(start)!;
        _process.StandardInput.AutoFlush = true;
        _ = ReportAsync(ActAsync());
    }

    /// <summary>Gets a task that completes when the awaited text appears on the screen.</summary>
    public Task Seen => _seen.Task;

    /// <summary>Gets the exit code, which completes when the shell exits.</summary>
    public Task<int> End => _end.Task;

    /// <summary>Gets the output on the screen, including control sequences.</summary>
    public string Screen
    {
        get
        {
            lock (_lock) return _screen.ToString();
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private async Task<int> ActAsync()
    {
        char[] buffer = new char[4096];
        bool isInterrupted = false;
        int answered = 0;
        int read;
        while ((read = await _process.StandardOutput.ReadAsync(buffer)) > 0)
        {
            string screen;
            lock (_lock) screen = _screen.Append(buffer, 0, read).ToString();

            var typed = new StringBuilder();
            for (int query; (query = screen.IndexOf(CursorQuery, answered, StringComparison.Ordinal)) >= 0; answered = query + CursorQuery.Length) typed.Append(CursorAnswer);

            // Sent together with the answers, because on Ctrl+C the terminal discards unread input, including answers that the shell waits for.
            if (!isInterrupted && screen.Contains(_interruptedAt, StringComparison.Ordinal))
            {
                isInterrupted = true;
                typed.Append(Interrupt);
            }

            if (typed.Length > 0) await _process.StandardInput.WriteAsync(typed.ToString());
            if (screen.Contains(_awaited, StringComparison.Ordinal)) _seen.TrySetResult();
        }

        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    private async Task ReportAsync(Task<int> acting)
    {
        try
        {
            _end.TrySetResult(await acting);
        }
        catch (Exception e)
        {
            _end.TrySetException(e);
            _seen.TrySetException(e);
        }
    }
}
