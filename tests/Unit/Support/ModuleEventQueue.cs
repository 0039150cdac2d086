using System.Collections.Concurrent;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace Acm.Tests.Support;

/// <summary>The events that arrive in a runspace's queue, to be waited for.</summary>
internal sealed class ModuleEventQueue : IDisposable
{
    private readonly Runspace _runspace;
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly ConcurrentQueue<PSEventArgs> _events = new();

    public ModuleEventQueue(Runspace runspace)
    {
        _runspace = runspace;
        runspace.Events.ReceivedEvents.PSEventReceived += OnReceived;
    }

    public async Task<PSEventArgs> NextAsync() => (await NextAsync(1))[0];

    public async Task<IReadOnlyList<PSEventArgs>> NextAsync(int count)
    {
        var taken = new List<PSEventArgs>();
        while (taken.Count < count)
        {
            if (!await _arrived.WaitAsync(ModuleShell.Deadline)) throw new TimeoutException($"{taken.Count} of {count} events arrived.");

            _events.TryDequeue(out PSEventArgs? e);
            taken.Add(e!);
        }

        return taken;
    }

    public void Dispose()
    {
        if (_runspace.RunspaceStateInfo.State == RunspaceState.Opened) _runspace.Events.ReceivedEvents.PSEventReceived -= OnReceived;
        _arrived.Dispose();
    }

    private void OnReceived(object? sender, PSEventArgs e)
    {
        _events.Enqueue(e);
        _arrived.Release();
    }
}
