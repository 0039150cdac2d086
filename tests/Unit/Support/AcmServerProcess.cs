using System.Diagnostics;
using System.Reflection;
using System.Text;

namespace Acm.Tests.Support;

/// <summary>
/// The server as a child process on a free port of 127.0.0.1, which stays reserved while it is restarted. It ends with the test process, even if that is killed.
/// </summary>
internal sealed class AcmServerProcess : IAsyncDisposable
{
    private const string FirstLine = "Acm.Server listening on ";
    private readonly string[] _arguments;
    private readonly int? _descriptors;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly StringBuilder _errors = new();
    private readonly PortPair _ports = PortPair.Take();
    private Process _process;

    private AcmServerProcess(string[] arguments, IReadOnlyDictionary<string, string> environment, int? descriptors = null)
    {
        _descriptors = descriptors;
        _arguments = arguments;
        _environment = environment;
        _process = Launch($"http://127.0.0.1:{_ports.ListenPort}");
    }

    /// <summary>The server's assembly, run with <c>dotnet</c>.</summary>
    public static string ServerPath { get; } =
        typeof(AcmServerProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "AcmServerPath").Value!;

    /// <summary>Where it listens; the same after a restart.</summary>
    public Uri Uri { get; private set; } = null!;

    public int Id => _process.Id;

    /// <summary>What it wrote to standard error so far.</summary>
    public string Errors
    {
        get
        {
            lock (_errors) return _errors.ToString();
        }
    }

    /// <summary>Its exit code and what it wrote to standard error; null while it runs.</summary>
    public string? End => _process.HasExited ? $"{_process.ExitCode} {Errors}" : null;

    /// <summary>Keeps its values in memory.</summary>
    public static Task<AcmServerProcess> StartAsync(params string[] arguments) =>
        StartAsync(new Dictionary<string, string>(), ["--in-memory", .. arguments]);

    /// <summary>Keeps its values in this file.</summary>
    public static Task<AcmServerProcess> StartOnFileAsync(string dataFile, params string[] arguments) =>
        StartAsync(new Dictionary<string, string>(), ["--data", dataFile, .. arguments]);

    /// <summary>Keeps its values in memory and may open so many files. Not on Windows.</summary>
    public static async Task<AcmServerProcess> StartWithDescriptorsAsync(int descriptors, params string[] arguments)
    {
        var server = new AcmServerProcess(["--in-memory", .. arguments], new Dictionary<string, string>(), descriptors);
        await server.ReadAddressAsync();
        return server;
    }

    public static async Task<AcmServerProcess> StartAsync(IReadOnlyDictionary<string, string> environment, string[] arguments)
    {
        var server = new AcmServerProcess(arguments, environment);
        await server.ReadAddressAsync();
        return server;
    }

    /// <summary>Runs it to its end, for options that it refuses or only answers.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using Process process = Process.Start(StartInfo(arguments, new Dictionary<string, string>()))!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(Clients.Deadline);
        await process.WaitForExitAsync(deadline.Token);
        return (process.ExitCode, await output, await errors);
    }

    /// <summary>As <c>kill -9</c>.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Sends SIGTERM. Not on Windows.</summary>
    public void Terminate()
    {
        using Process kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Waits until it ended by itself.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Clients.Deadline);
        return _process.ExitCode;
    }

    /// <summary>Closes its standard input and waits for its end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        _process.StandardInput.Close();
        using var deadline = new CancellationTokenSource(Clients.Deadline);
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    /// <summary>Starts it again on the same port and data, after <see cref="Kill"/> or <see cref="StopAsync"/>.</summary>
    public async Task RestartAsync()
    {
        _process.Dispose();
        _process = Launch(Uri.GetLeftPart(UriPartial.Authority));
        await ReadAddressAsync();
    }

    public ValueTask DisposeAsync()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
        _ports.Dispose();
        Canary.AssertAbsent(Errors, "the server's standard error");
        return ValueTask.CompletedTask;
    }

    private static ProcessStartInfo StartInfo(IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, int? descriptors = null)
    {
        var start = new ProcessStartInfo(descriptors is null ? "dotnet" : "sh")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        if (descriptors is not null)
        {
            foreach (string word in new[] { "-c", $"ulimit -n {descriptors} && exec \"$@\"", "sh", "dotnet" }) start.ArgumentList.Add(word);
        }

        start.ArgumentList.Add(ServerPath);
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        return start;
    }

    private Process Launch(string url)
    {
        bool hasUrl = _arguments.Contains("--urls");
        string[] listen = hasUrl ? [] : ["--urls", url];
        Process process = Process.Start(StartInfo([.. listen, "--stop-on-stdin-close", .. _arguments], _environment, _descriptors))!;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors) _errors.AppendLine(line.Data);
        };
        process.BeginErrorReadLine();
        return process;
    }

    private async Task ReadAddressAsync()
    {
        string? line = await _process.StandardOutput.ReadLineAsync().WaitAsync(Clients.Deadline);
        if (line?.StartsWith(FirstLine, StringComparison.Ordinal) != true)
        {
            await _process.WaitForExitAsync().WaitAsync(Clients.Deadline);
            throw new InvalidOperationException($"The server did not start: {line} {Errors}");
        }

        Uri = new Uri(line[FirstLine.Length..]);
    }
}
