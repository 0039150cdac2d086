using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace Acm.Tests.Support;

/// <summary>A script that runs in a runspace.</summary>
internal sealed class RunningScript
{
    private readonly PowerShell _shell;
    private readonly PSDataCollection<PSObject> _output = [];
    private readonly TaskCompletionSource _firstOutput = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _firstProgress = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _end;

    public RunningScript(Runspace runspace, string script, object?[] input)
    {
        _shell = PowerShell.Create(runspace).AddScript(script);
        _output.DataAdded += (_, _) => _firstOutput.TrySetResult();
        _shell.Streams.Progress.DataAdded += (_, _) => _firstProgress.TrySetResult();
        var objects = new PSDataCollection<object?>(input);
        objects.Complete();
        _end = Task.Factory.FromAsync(_shell.BeginInvoke(objects, _output), _shell.EndInvoke);
    }

    /// <summary>Done once the script has written an object.</summary>
    public Task FirstOutput => _firstOutput.Task.WaitAsync(ModuleShell.Deadline);

    /// <summary>Done once the script has told of its progress.</summary>
    public Task FirstProgress => _firstProgress.Task.WaitAsync(ModuleShell.Deadline);

    /// <summary>As Ctrl+C; returns when the pipeline has ended.</summary>
    public Task StopAsync() => Task.Factory.FromAsync(_shell.BeginStop(null, null), _shell.EndStop).WaitAsync(ModuleShell.Deadline);

    public ModuleResult WaitForEnd()
    {
        ErrorRecord? terminating = null;
        try
        {
            _end.WaitAsync(ModuleShell.Deadline).GetAwaiter().GetResult();
        }
        catch (RuntimeException e)
        {
            terminating = e.ErrorRecord;
        }

        PSDataStreams streams = _shell.Streams;
        var result = new ModuleResult(
            [.. _output],
            [.. streams.Error, .. terminating is null || streams.Error.Contains(terminating) ? Array.Empty<ErrorRecord>() : [terminating]],
            [.. streams.Warning.Select(w => w.Message)],
            [.. streams.Verbose.Select(v => v.Message)],
            [.. streams.Debug.Select(d => d.Message)],
            [.. streams.Progress]);
        _shell.Dispose();
        AssertNoSecret(result);
        return result;
    }

    private static void AssertNoSecret(ModuleResult result)
    {
        foreach (ErrorRecord error in result.Errors) Canary.AssertAbsent($"{error} {error.ErrorDetails?.RecommendedAction} {error.Exception}", "an error");
        foreach (string line in (string[])[.. result.Warnings, .. result.Verbose, .. result.Debug]) Canary.AssertAbsent(line, "a stream");
    }
}
