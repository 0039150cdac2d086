using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Base class of the commands. Runs asynchronous work and calls the pipeline on its own thread.</summary>
public abstract class AsyncCmdlet : PSCmdlet, IDisposable
{
    /// <summary>Time that a stopped command waits for its requests to end.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromMilliseconds(500);

    /// <summary>Time that a stopped command waits for a step that must be completed.</summary>
    private static readonly TimeSpan LastStepTimeout = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Initializes the command.</summary>
    private protected AsyncCmdlet()
    {
        Progress = new ProgressReporter(this);
        Pipeline = new PipelineWriter(this, Progress, () => EventAction.RunPending(this));
    }

    private protected PipelineWriter Pipeline { get; }

    private protected ProgressReporter Progress { get; }

    /// <summary>Gets the token that Ctrl+C and the end of the pipeline cancel.</summary>
    private protected CancellationToken Ending => _stopping.Token;

    /// <summary>Gets whether verbose output is enabled.</summary>
    private protected bool WantsVerbose { get; private set; }

    /// <summary>Gets whether debug output is enabled.</summary>
    private protected bool WantsDebug { get; private set; }

    private bool WantsWarnings => (MyInvocation.BoundParameters.TryGetValue("WarningAction", out object? action) ? action : GetVariableValue("WarningPreference"))?.ToString()
        is not (nameof(ActionPreference.SilentlyContinue) or nameof(ActionPreference.Ignore));

    /// <summary>Gets the value of -Confirm, or null if it was not specified. False skips the prompts of the command.</summary>
    private protected bool? Confirm => MyInvocation.BoundParameters.TryGetValue("Confirm", out object? confirm) ? confirm is SwitchParameter { IsPresent: true } : null;

    /// <summary>Gets whether -WhatIf is in effect.</summary>
    private protected bool WantsWhatIf { get; private set; }

    /// <summary>Ends what still runs.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends what still runs.</summary>
    /// <param name="disposing">True when called by <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        // The source is not disposed, because requests that are still ending use its token.
        if (disposing) Abandon();
    }

    /// <summary>Prepares the command before the first record. Runs on the pipeline thread, where the runspace is available.</summary>
    private protected virtual void Prepare()
    {
    }

    /// <summary>Processes a record. Runs on the pipeline thread up to the first await; <see cref="Pipeline"/> accepts output from any thread.</summary>
    private protected virtual Task ProcessAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Processes the end of the input.</summary>
    private protected virtual Task EndAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Returns a warning for a command that was stopped before it was complete, or null.</summary>
    private protected virtual string? StoppedHalfWay() => null;

    /// <summary>Gets whether the current step must be completed even if the command is stopped.</summary>
    private protected virtual bool IsInLastStep => false;

    /// <summary>Gets whether Ctrl+C stopped the command, as opposed to the end of the pipeline.</summary>
    private protected bool WasStopped { get; private set; }

    /// <summary>Returns the error to report in place of the one that ended the command.</summary>
    private protected virtual AcmException Explain(AcmException error) => error;

    /// <summary>Gets whether the session was closed while the command was running.</summary>
    private protected virtual bool IsSessionClosed => false;

    /// <inheritdoc/>
    protected sealed override void BeginProcessing()
    {
        WantsVerbose = Wants("Verbose", "VerbosePreference");
        WantsDebug = Wants("Debug", "DebugPreference");
        WantsWhatIf = MyInvocation.BoundParameters.TryGetValue("WhatIf", out object? bound)
            ? bound is SwitchParameter { IsPresent: true }
            : LanguagePrimitives.IsTrue(GetVariableValue("WhatIfPreference"));
        Guard(Prepare);
    }

    /// <inheritdoc/>
    protected sealed override void ProcessRecord() => Guard(() => Pump(ProcessAsync(_stopping.Token)));

    /// <inheritdoc/>
    protected sealed override void EndProcessing()
    {
        Guard(() => Pump(EndAsync(_stopping.Token)));
        Progress.Complete();
        Pipeline.End();
    }

    /// <inheritdoc/>
    protected sealed override void StopProcessing()
    {
        WasStopped = true;
        _stopping.Cancel();
    }

    /// <summary>Waits on the pipeline thread for work that precedes the first record. A failure ends the command.</summary>
    private protected T Await<T>(Task<T> work)
    {
        if (work.Status == TaskStatus.RanToCompletion) return work.Result;

        try
        {
            Pump(work);
        }
        catch (AcmException e)
        {
            ThrowTerminatingError(AcmErrors.Record(Explain(e), target: null));
        }

        return work.Result;
    }

    private bool Wants(string parameter, string preference)
    {
        if (MyInvocation.BoundParameters.TryGetValue(parameter, out object? bound)) return bound is SwitchParameter { IsPresent: true };

        return LanguagePrimitives.TryConvertTo(GetVariableValue(preference), out ActionPreference value) && value is not (ActionPreference.SilentlyContinue or ActionPreference.Ignore);
    }

    private void Pump(Task work)
    {
        bool done = false;
        try
        {
            Pipeline.RunUntilDone(work, _stopping.Token);
            if (_stopping.IsCancellationRequested) throw new PipelineStoppedException();

            done = true;
        }
        finally
        {
            // Select-Object -First ends the command by an exception, without a call of StopProcessing, while the work is still running.
            if (!done)
            {
                Abandon();
                Settle(work, IsInLastStep ? LastStepTimeout : StopTimeout);

                // WriteWarning does not work while the pipeline is being stopped.
                if (StoppedHalfWay() is { } notice && WantsWarnings) Host.UI?.WriteWarningLine(notice);
            }
        }

        work.GetAwaiter().GetResult();
    }

    private void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        catch (AcmException e) when (AcmErrors.EndsCommand(e.Kind))
        {
            ThrowTerminatingError(AcmErrors.Record(Explain(e), target: null));
        }
        catch (AcmException e)
        {
            WriteError(AcmErrors.Record(e, target: null));
        }
        catch (ObjectDisposedException e) when (IsSessionClosed)
        {
            ThrowTerminatingError(AcmErrors.Record(AcmErrors.SessionEnded(e), target: null));
        }
    }

    private void Abandon()
    {
        _stopping.Cancel();
        Pipeline.End();
    }

    // Requests end within milliseconds of their cancellation. Calls that cannot be cancelled, such as a DNS look-up on .NET Framework, are left behind;
    // their output is discarded.
    private static void Settle(Task work, TimeSpan grace)
    {
        Task observed = work.ContinueWith(
            t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        observed.Wait(grace);
    }
}
