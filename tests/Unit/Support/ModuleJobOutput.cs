using System.Management.Automation;

namespace Acm.Tests.Support;

/// <summary>What an event's action writes, to be waited for while the runspace is idle.</summary>
internal sealed class ModuleJobOutput : IDisposable
{
    private readonly PSEventJob _job;
    private readonly SemaphoreSlim _written = new(0);

    public ModuleJobOutput(PSEventJob job)
    {
        _job = job;
        job.Output.DataAdded += OnAdded;
    }

    public async Task WaitForAsync(int count)
    {
        while (_job.Output.Count < count)
        {
            if (!await _written.WaitAsync(ModuleShell.Deadline)) throw new TimeoutException($"The action wrote {_job.Output.Count} of {count} objects.");
        }
    }

    public void Dispose() => _job.Output.DataAdded -= OnAdded;

    private void OnAdded(object? sender, DataAddedEventArgs e) => _written.Release();
}
