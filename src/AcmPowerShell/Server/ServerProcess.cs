using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace AcmPowerShell;

/// <summary>
/// The process of a stand-alone server. It lives as long as its standard input is open, which the system closes for a shell that was killed:
/// the <see cref="Process"/> has to stay referenced, or a garbage collection would close it. A detached one has no such tie.
/// </summary>
internal sealed class ServerProcess
{
    private const int KeptErrorLines = 20;
    private const int SigTerm = 15;

    /// <summary>The server gives up by itself 5 seconds after it was asked to stop.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(8);

    private readonly Process _process;
    private readonly Queue<string> _errors = new();
    private readonly TaskCompletionSource<string> _firstLine = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<bool> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(Process process, bool isDetached)
    {
        _process = process;
        IsDetached = isDetached;
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is not null) _firstLine.TrySetResult(line.Data);
        };
        process.ErrorDataReceived += (_, line) => KeepError(line.Data);
        process.Exited += (_, _) => _exited.TrySetResult(true);
        process.EnableRaisingEvents = true;
    }

    internal bool IsDetached { get; }

    internal int Id => _process.Id;

    internal bool HasExited => _process.HasExited;

    /// <summary>Its first line on standard output, which names its address.</summary>
    internal Task<string> FirstLine => _firstLine.Task;

    /// <summary>Done when the process has ended.</summary>
    internal Task Exited => _exited.Task;

    /// <summary>Starts it, and writes the input to its standard input.</summary>
    /// <exception cref="Win32Exception">It can't be started.</exception>
    internal static ServerProcess Start(string program, string folder, IEnumerable<string> arguments, string input, bool isDetached)
    {
        var start = new ProcessStartInfo(program, string.Join(" ", arguments.Select(Quote)))
        {
            UseShellExecute = false,
            WorkingDirectory = folder,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // The server is what the parameters say: its own variables in this shell are meant for another one.
        foreach (string name in start.Environment.Keys.Where(n => n.StartsWith("ACM_SERVER_", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);

        var server = new ServerProcess(new Process { StartInfo = start }, isDetached);
        server._process.Start();
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        if (input.Length > 0) server.Send(input);
        return server;
    }

    /// <summary>What it said on standard error, once that is read to its end.</summary>
    internal string ReadErrors()
    {
        // Without a time limit this waits for the output to be drained, which a process that has ended is at once.
        if (_process.HasExited) _process.WaitForExit();
        lock (_errors) return string.Join("\n", _errors);
    }

    internal async Task<bool> StopAsync(CancellationToken cancellationToken)
    {
        if (_process.HasExited) return true;

        if (!IsDetached) LetGo();
        // Windows has no signal for a process without a window; the data are safe against a kill.
        else if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows) || SendSignal(Id, SigTerm) != 0) Kill();

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task ended = await Task.WhenAny(_exited.Task, Task.Delay(StopPatience, patience.Token)).ConfigureAwait(false);
        patience.Cancel();
        if (ended == _exited.Task) return true;

        Kill();
        return false;
    }

    internal void LetGo()
    {
        if (IsDetached) return;

        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The other end is gone, and with it the server: that is what was wanted.
            Debug.Assert(_process.HasExited, "Only a process that has ended breaks the pipe.");
        }
    }

    internal void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It ended by itself meanwhile.
            Debug.Assert(_process.HasExited, "Only a process that has ended can't be killed.");
        }
    }

    private void Send(string input)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(input);
        try
        {
            Stream stream = _process.StandardInput.BaseStream;
            stream.Write(bytes, 0, bytes.Length);
            stream.Flush();
        }
        catch (IOException)
        {
            // It ended before it read: why is on its standard error, which whoever waits for its first line reports.
        }
    }

    private void KeepError(string? line)
    {
        if (line is null) return;

        lock (_errors)
        {
            if (_errors.Count == KeptErrorLines) _errors.Dequeue();
            _errors.Enqueue(line);
        }
    }

    // As CommandLineToArgvW takes it apart, and .NET does on every platform: ProcessStartInfo.ArgumentList is not in .NET Standard.
    private static string Quote(string argument)
    {
        if (argument.Length > 0 && argument.IndexOfAny([' ', '\t', '\n', '\v', '"']) < 0) return argument;

        var text = new StringBuilder("\"");
        int backslashes = 0;
        foreach (char c in argument)
        {
            if (c == '\\')
            {
                backslashes++;
                continue;
            }

            text.Append('\\', c == '"' ? (2 * backslashes) + 1 : backslashes).Append(c);
            backslashes = 0;
        }

        return text.Append('\\', 2 * backslashes).Append('"').ToString();
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int SendSignal(int processId, int signal);
}
