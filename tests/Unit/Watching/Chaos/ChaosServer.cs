using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Acm.Tests.Watching.Chaos;

/// <summary>The real server as a process that may end in any way and be started again on its data, at another port. It is written to and read past all that is between it and the watchers.</summary>
internal sealed class ChaosServer : IAsyncDisposable
{
    private const string Group = "DEFAULT_GROUP";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly string[] _command;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero }) { Timeout = Deadline };
    private Process _process = new();

    /// <param name="path">The server's assembly.</param>
    /// <param name="dataFile">Its data.</param>
    /// <param name="generation">Which Nacos it is.</param>
    public ChaosServer(string path, string dataFile, string generation)
    {
        _command = [path, "--urls", "http://127.0.0.1:0", "--data", dataFile, "--nacos-generation", generation, "--stop-on-stdin-close"];
    }

    /// <summary>Its port for HTTP. That for gRPC is 1000 higher.</summary>
    public int Port { get; private set; }

    public async Task StartAsync()
    {
        _process = Process.Start(new ProcessStartInfo("dotnet", _command) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        string line = await _process.StandardOutput.ReadLineAsync().WaitAsync(Deadline) ?? throw new InvalidOperationException("The server did not start.");
        Port = new Uri(line[(line.LastIndexOf(' ') + 1)..]).Port;
    }

    /// <summary>As <c>kill -9</c>.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    public async Task StopAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().WaitAsync(Deadline);
        _process.Dispose();
    }

    /// <summary>Has it stand still, or go on. Not on Windows.</summary>
    public void Freeze(bool isFrozen)
    {
        using Process kill = Process.Start("kill", [isFrozen ? "-STOP" : "-CONT", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Publishes a configuration, or removes it.</summary>
    /// <returns>Whether the server said that it did.</returns>
    public async Task<bool> TryChangeAsync(string dataId, string? content)
    {
        try
        {
            using HttpResponseMessage answer = content is null
                ? await _http.DeleteAsync(Of(dataId))
                : await _http.PostAsync(Of(dataId), new FormUrlEncodedContent([new("content", content)]));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            // It ended in the middle: the write may be done or not.
            return false;
        }
    }

    /// <summary>What is stored now; null for nothing.</summary>
    public async Task<string?> ReadAsync(string dataId)
    {
        using HttpResponseMessage answer = await _http.GetAsync(Of(dataId));
        return answer.StatusCode == HttpStatusCode.NotFound ? null : await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        try
        {
            Kill();
        }
        catch (InvalidOperationException)
        {
            // It is not running.
            return default;
        }

        return default;
    }

    private Uri Of(string dataId) => new($"http://127.0.0.1:{Port}/nacos/v1/cs/configs?dataId={dataId}&group={Group}");
}
