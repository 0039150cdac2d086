using System.Collections;
using System.Collections.Concurrent;
using Acm.Server;
using Acm.Server.Options;

namespace Acm.Tests.Support;

/// <summary>
/// A server in the test process for commands in runspaces. As the fixture of a class each of its tests has its own namespace.
/// </summary>
public sealed class ModuleServer : IDisposable
{
    private readonly ServerHost _host;
    private readonly Uri _address;
    private readonly PortPair _ports = PortPair.Take();
    private readonly ConcurrentBag<ModuleShell> _shells = [];
    private bool _hasStopped;
    private int _namespaces;

    public ModuleServer()
        : this("3")
    {
    }

    /// <summary>Starts a server of a generation of Nacos.</summary>
    /// <param name="generation">The generation as -NacosGeneration names it.</param>
    /// <param name="arguments">More options of acm-server.</param>
    internal ModuleServer(string generation, params string[] arguments)
    {
        ServerOptions options = OptionsReader.Read(
            ["--in-memory", "--urls", $"http://127.0.0.1:{_ports.ListenPort}", "--nacos-generation", generation, .. arguments],
            new Dictionary<string, string>(),
            Path.GetTempPath(),
            () => throw new InvalidOperationException("Standard input was opened."));
        _host = new ServerHost(options, TimeProvider.System);
        Task.Run(() => _host.StartAsync(CancellationToken.None)).GetAwaiter().GetResult();
        _address = new Uri(_host.Addresses.Single());
    }

    /// <summary>Gets the address of the server as <c>host:port</c>.</summary>
    public string Endpoint => _address.Authority;

    /// <summary>Returns a namespace that no other test uses.</summary>
    public string NewNamespace() => $"test-{Interlocked.Increment(ref _namespaces)}";

    /// <summary>
    /// Returns a runspace that is connected to its own namespace, and is closed with the server. Its time-outs are long enough for a busy machine, so that a change that a poll misses fails the test instead of being found by the next poll.
    /// </summary>
    internal ModuleShell Connect(string? inNamespace = null)
    {
        ModuleShell shell = Open();
        shell["endpoint"] = Endpoint;
        shell["ns"] = inNamespace ?? NewNamespace();
        shell.Run("$null = Connect-Acm $endpoint $ns -NoSnapshot -FailoverPath /no-such-folder -TimeoutSec 30 -LongPollTimeoutSec 600").ThrowOnError();
        return shell;
    }

    /// <summary>Returns a runspace that is not connected, and is closed with the server. Its <c>$server</c> has the addresses as Start-AcmServer returns them.</summary>
    internal ModuleShell Open()
    {
        ModuleShell shell = ModuleShell.Open();
        _shells.Add(shell);
        shell["server"] = new Hashtable { ["Endpoint"] = Endpoint, ["Uri"] = _address };
        return shell;
    }

    /// <summary>Stops the server. Its ports are reserved until <see cref="Dispose"/>, so that no other test's server answers there.</summary>
    internal void Stop()
    {
        Task.Run(() => _host.DisposeAsync().AsTask()).GetAwaiter().GetResult();
        _hasStopped = true;
    }

    public void Dispose()
    {
        foreach (ModuleShell shell in _shells) shell.Dispose();
        if (!_hasStopped) Stop();
        _ports.Dispose();
    }
}
