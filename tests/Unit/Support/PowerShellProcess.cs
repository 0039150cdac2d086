using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Text;

namespace Acm.Tests.Support;

/// <summary>
/// PowerShell as a child process with redirected streams and the staged module on its path. Most tests use <see cref="RunAsync"/>;
/// <see cref="Start"/> returns a shell for interaction.
/// </summary>
internal sealed class PowerShellProcess : IDisposable
{
    /// <summary>Only a shell that hangs reaches it.</summary>
    private static readonly TimeSpan Deadline = 2 * ModuleShell.Deadline;

    /// <summary>The assembly of <c>pwsh</c>, which <c>dotnet</c> runs.</summary>
    public static readonly string PowerShellPath = Metadata(nameof(PowerShellPath));

    /// <summary>The assembly of the repository's own host of PowerShell, which <c>dotnet</c> runs.</summary>
    public static readonly string AcmShellPath = Metadata(nameof(AcmShellPath));

    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly Task _reading;
    private readonly StringBuilder _output = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _awaitedLines = new();
    private readonly Lock _lock = new();

    private PowerShellProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
        _reading = ReadOutputAsync();
    }

    /// <summary>Runs the shell to its end; standard input holds <paramref name="input"/> and then ends.</summary>
    /// <param name="arguments">The arguments of <c>pwsh</c>.</param>
    /// <param name="input">Text for standard input.</param>
    /// <param name="environment">Variables to set; null removes one.</param>
    /// <param name="deadline">The time limit; null for the default.</param>
    /// <param name="shell">The assembly to run, if not <see cref="PowerShellPath"/>.</param>
    public static async Task<ShellResult> RunAsync(
        IEnumerable<string> arguments, string input = "", IReadOnlyDictionary<string, string?>? environment = null, TimeSpan? deadline = null, string? shell = null)
    {
        using PowerShellProcess process = Start(arguments, environment, shell);
        await process._process.StandardInput.WriteAsync(input);
        process._process.StandardInput.Close();
        return await process.WaitForExitAsync(deadline);
    }

    /// <summary>Starts the shell; standard input stays open.</summary>
    /// <param name="arguments">The arguments of <c>pwsh</c>.</param>
    /// <param name="environment">Variables to set; null removes one.</param>
    /// <param name="shell">The assembly to run, if not <see cref="PowerShellPath"/>.</param>
    public static PowerShellProcess Start(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, string? shell = null)
    {
        var start = new ProcessStartInfo("dotnet", [shell ?? PowerShellPath, "-NoProfile", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        SetEnvironment(start, environment);
        return new PowerShellProcess(Process.Start(start)!);
    }

    /// <summary>Puts the staged module on the module path of a process that is or starts PowerShell, and keeps its output plain.</summary>
    public static void SetEnvironment(ProcessStartInfo start, IReadOnlyDictionary<string, string?>? environment)
    {
        // Without this, PowerShell writes colors to redirected streams too.
        start.Environment["NO_COLOR"] = "1";
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        start.Environment["POWERSHELL_UPDATECHECK"] = "Off";
        // Most methods of a script are called a few times. To optimize those that PowerShell generates takes a third of a shell's processor time and is not paid back.
        start.Environment["DOTNET_JITMinOpts"] = "1";
        start.Environment["PSModulePath"] = Path.GetDirectoryName(Path.GetDirectoryName(ModuleShell.Manifest));
        foreach ((string name, string? value) in environment ?? new Dictionary<string, string?>()) start.Environment[name] = value;
    }

    /// <summary>Waits until the shell has written a line that is exactly this.</summary>
    public Task WaitForLineAsync(string line)
    {
        TaskCompletionSource awaited = _awaitedLines.GetOrAdd(line, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_lock)
        {
            if (_output.ToString().Split('\n').Contains(line)) awaited.TrySetResult();
        }

        return awaited.Task.WaitAsync(Deadline);
    }

    /// <summary>What it has written to standard output by now.</summary>
    public string OutputSoFar
    {
        get
        {
            lock (_lock) return _output.ToString();
        }
    }

    /// <summary>Ends its standard input: what a script that waits for a line waits for.</summary>
    public void EndInput() => _process.StandardInput.Close();

    /// <summary>Sends what Ctrl+C sends.</summary>
    public async Task InterruptAsync()
    {
        using Process kill = Process.Start("kill", ["-INT", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync().WaitAsync(Deadline);
    }

    /// <summary>As <c>kill -9</c>; returns when it is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync().WaitAsync(Deadline);
    }

    public async Task<ShellResult> WaitForExitAsync(TimeSpan? deadline = null)
    {
        await _process.WaitForExitAsync().WaitAsync(deadline ?? Deadline);
        await _reading.WaitAsync(Deadline);
        string errors = await _errors.WaitAsync(Deadline);
        Canary.AssertAbsent(_output.ToString(), "the shell's output");
        Canary.AssertAbsent(errors, "the shell's standard error");
        return new ShellResult(_process.ExitCode, Clean(_output.ToString()), Clean(errors));
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private async Task ReadOutputAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            lock (_lock) _output.Append(line).Append('\n');
            if (_awaitedLines.TryGetValue(line, out TaskCompletionSource? awaited)) awaited.TrySetResult();
        }
    }

    private static string Metadata(string key) =>
        typeof(PowerShellProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == key).Value!;

    private static string Clean(string text) => text.ReplaceLineEndings("\n").TrimEnd('\n');
}
