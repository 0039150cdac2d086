using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace AcmPowerShell;

/// <summary>
/// The process of a stand-alone server. It runs as long as its standard input is open, so that it also stops if the shell is killed. The
/// <see cref="Process"/> must stay referenced, because garbage collection would close the input. A detached process ignores its input.
/// </summary>
internal sealed class ServerProcess
{
    private const int KeptErrorLines = 20;
    private const int SigTerm = 15;

    // The server writes both to standard error, in this order (Program.cs of Acm.Server).
    private const string GrpcLine = "acm-server: gRPC on ";
    private const string DataLine = "acm-server: data in ";

    /// <summary>Longer than the server's own limit of 5 seconds for a shutdown.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(8);

    private readonly Process _process;
    private readonly Queue<string> _errors = new();
    private readonly TaskCompletionSource<string> _firstLine = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string?> _grpcLine = new(TaskCreationOptions.RunContinuationsAsynchronously);
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

    /// <summary>Gets the first line of standard output, which contains the address.</summary>
    internal Task<string> FirstLine => _firstLine.Task;

    /// <summary>Gets the line of standard error that contains the gRPC address; null if the server has none.</summary>
    internal Task<string?> GrpcAddressLine => _grpcLine.Task;

    /// <summary>Gets a task that completes when the process has exited.</summary>
    internal Task Exited => _exited.Task;

    /// <summary>Starts the process and writes to its standard input.</summary>
    /// <exception cref="Win32Exception">The program cannot be started.</exception>
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

        // The parameters define the server. Its environment variables in this shell are not for it.
        foreach (string name in start.Environment.Keys.Where(n => n.StartsWith("ACM_SERVER_", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);

        var server = new ServerProcess(new Process { StartInfo = start }, isDetached);
        server._process.Start();
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        if (input.Length > 0) server.Send(input);
        return server;
    }

    /// <summary>Returns the last lines of standard error.</summary>
    internal string ReadErrors()
    {
        // WaitForExit without a time limit waits until the output of the exited process is read.
        if (_process.HasExited) _process.WaitForExit();
        lock (_errors) return string.Join("\n", _errors);
    }

    internal async Task<bool> StopAsync(CancellationToken cancellationToken)
    {
        if (_process.HasExited) return true;

        if (!IsDetached) Release();
        // Windows cannot signal a process without a window. Killing it does not damage the data.
        else if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows) || SendSignal(Id, SigTerm) != 0) Kill();

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task ended = await Task.WhenAny(_exited.Task, Task.Delay(StopPatience, patience.Token)).ConfigureAwait(false);
        patience.Cancel();
        if (ended == _exited.Task) return true;

        Kill();
        return false;
    }

    internal void Release()
    {
        if (IsDetached) return;

        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The server has already exited.
            Debug.Assert(_process.HasExited, "Only an exited process breaks the pipe.");
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
            // It has exited meanwhile.
            Debug.Assert(_process.HasExited, "Only an exited process cannot be killed.");
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
            // It exited before reading its input. The caller that waits for the first line reports its standard error.
        }
    }

    private void KeepError(string? line)
    {
        if (line is null) return;

        if (line.StartsWith(GrpcLine, StringComparison.Ordinal)) _grpcLine.TrySetResult(line);
        else if (line.StartsWith(DataLine, StringComparison.Ordinal)) _grpcLine.TrySetResult(null);
        lock (_errors)
        {
            if (_errors.Count == KeptErrorLines) _errors.Dequeue();
            _errors.Enqueue(line);
        }
    }

    // Quotes for CommandLineToArgvW, whose rules .NET uses on every platform, because .NET Standard lacks ProcessStartInfo.ArgumentList.
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
