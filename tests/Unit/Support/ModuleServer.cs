using System.Collections.Concurrent;

namespace Acm.Tests.Support;

/// <summary>
/// A real server for the tests of a class, started by Start-AcmServer in a runspace of its own. Each test has a namespace for itself.
/// </summary>
public sealed class ModuleServer : IDisposable
{
    private readonly ModuleShell _owner = ModuleShell.Open();
    private readonly ConcurrentBag<ModuleShell> _shells = [];
    private int _namespaces;

    public ModuleServer() => Endpoint = Assert.Single(_owner.Run("(Start-AcmServer -InMemory).Endpoint").ThrowOnError().Texts);

    /// <summary>Where it listens, as <c>host:port</c>.</summary>
    public string Endpoint { get; }

    /// <summary>A namespace that no other test uses.</summary>
    public string NewNamespace() => $"test-{Interlocked.Increment(ref _namespaces)}";

    /// <summary>
    /// A runspace that is connected to a namespace of its own; closed with the server. A busy machine has its time for each try, and a change that no poll told of is not found by the next one in time.
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
