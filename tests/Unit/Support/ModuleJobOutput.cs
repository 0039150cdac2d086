using System.Diagnostics;
using System.Management.Automation;

namespace Acm.Tests.Support;

/// <summary>
/// What an event's action writes, to be waited for. An event that comes while a pipeline ends is left for the next one by PowerShell, so that while nothing is written one is run from time to time, as a prompt does.
/// </summary>
internal sealed class ModuleJobOutput : IDisposable
{
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(300);

    private readonly ModuleShell _shell;
    private readonly PSEventJob _job;
    private readonly SemaphoreSlim _written = new(0);

    public ModuleJobOutput(ModuleShell shell, PSEventJob job)
    {
        _shell = shell;
        _job = job;
        job.Output.DataAdded += OnAdded;
    }

    public async Task WaitForAsync(int count)
    {
        var waited = Stopwatch.StartNew();
        while (_job.Output.Count < count)
        {
            if (waited.Elapsed > ModuleShell.Deadline) throw new TimeoutException($"The action wrote {_job.Output.Count} of {count} objects.");
            if (!await _written.WaitAsync(Idle)) _shell.Run("0");
        }
    }

    public void Dispose() => _job.Output.DataAdded -= OnAdded;

    private void OnAdded(object? sender, DataAddedEventArgs e) => _written.Release();
}
