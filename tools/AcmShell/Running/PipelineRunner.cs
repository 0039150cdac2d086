using System.Management.Automation;
using System.Management.Automation.Runspaces;
using AcmShell.Commands;
using AcmShell.Hosting;

namespace AcmShell.Running;

/// <summary>Runs one pipeline at a time with its output and errors formatted to the host. <see cref="Stop"/> may come from any thread.</summary>
internal sealed class PipelineRunner(Runspace runspace, ShellUserInterface userInterface)
{
    private readonly Lock _lock = new();
    private PowerShell? _current;
    private bool _stopped;

    public Outcome Run(Command command, bool addToHistory = false)
    {
        using PowerShell pipeline = PowerShell.Create(runspace);
        // Errors travel with the output, so that both appear in the order in which they were written.
        command.MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        pipeline.Commands.AddCommand(command).AddCommand("Out-Default");
        return Run(pipeline, addToHistory);
    }

    /// <summary>Formats an error that ended a pipeline, as an error that one wrote would be.</summary>
    public void Report(Exception exception)
    {
        ErrorRecord record = exception is IContainsErrorRecord { ErrorRecord: { } own }
            // Without the exception itself the view would miss what it was thrown with.
            ? new ErrorRecord(own, exception)
            : new ErrorRecord(exception, "AcmShell", ErrorCategory.NotSpecified, targetObject: null);
        var error = new PSObject(record);
        EngineInternals.MarkAsError(error);

        using PowerShell pipeline = PowerShell.Create(runspace);
        pipeline.AddCommand("Out-Default").AddParameter("InputObject", error).Invoke();
    }

    /// <summary>Stops what runs now; false where nothing runs.</summary>
    public bool Stop()
    {
        PowerShell? running;
        lock (_lock)
        {
            running = _current;
            _stopped |= running is not null;
        }

        // Not Stop: that waits, and the caller may be a signal handler.
        running?.BeginStop(callback: null, state: null);
        return running is not null;
    }

    private Outcome Run(PowerShell pipeline, bool addToHistory)
    {
        lock (_lock)
        {
            _stopped = false;
            _current = pipeline;
        }

        try
        {
            // With the history the engine leaves $? as the command set it; without, it puts the old value back.
            pipeline.Invoke(input: null, new PSInvocationSettings { AddToHistory = addToHistory });
            return Ended(Outcome.Completed);
        }
        catch (PipelineStoppedException)
        {
            return Ended(Outcome.Stopped);
        }
        catch (RuntimeException e)
        {
            Outcome outcome = Ended(Outcome.Failed);
            // What a stopped command throws on its way out is noise.
            if (outcome == Outcome.Failed) Report(e);
            return outcome;
        }
        finally
        {
            userInterface.ClearProgress();
        }
    }

    private Outcome Ended(Outcome outcome)
    {
        lock (_lock)
        {
            _current = null;
            return _stopped ? Outcome.Stopped : outcome;
        }
    }
}
