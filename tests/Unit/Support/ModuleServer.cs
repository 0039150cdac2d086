using System.Collections.Concurrent;

namespace Acm.Tests.Support;

/// <summary>
/// A real server for the tests of a class, started by Start-AcmServer in its own runspace. Each test has its own namespace.
/// </summary>
public sealed class ModuleServer : IDisposable
{
    private readonly ModuleShell _owner = ModuleShell.Open();
    private readonly ConcurrentBag<ModuleShell> _shells = [];
    private int _namespaces;

    public ModuleServer() => Endpoint = Assert.Single(_owner.Run("(Start-AcmServer -InMemory).Endpoint").ThrowOnError().Texts);

    /// <summary>Gets the address of the server as <c>host:port</c>.</summary>
    public string Endpoint { get; }

    /// <summary>Returns a namespace that no other test uses.</summary>
    public string NewNamespace() => $"test-{Interlocked.Increment(ref _namespaces)}";

    /// <summary>
    /// Returns a runspace that is connected to its own namespace, and is closed with the server. Its time-outs are long enough for a busy machine, so that a change that a poll misses fails the test instead of being found by the next poll.
    /// </summary>
    internal ModuleShell Connect(string? inNamespace = null)
    {
        ModuleShell shell = ModuleShell.Open();
        _shells.Add(shell);
        shell["endpoint"] = Endpoint;
        shell["ns"] = inNamespace ?? NewNamespace();
        shell.Run("$null = Connect-Acm $endpoint $ns -NoSnapshot -FailoverPath /no-such-folder -TimeoutSec 30 -LongPollTimeoutSec 600").ThrowOnError();
        return shell;
    }

    public void Dispose()
    {
        foreach (ModuleShell shell in _shells) shell.Dispose();
        _owner.Run("Stop-AcmServer");
        _owner.Dispose();
    }
}
