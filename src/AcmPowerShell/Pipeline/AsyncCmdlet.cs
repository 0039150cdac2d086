using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>A command whose work is asynchronous. The one place where PowerShell's pipeline thread and tasks meet.</summary>
public abstract class AsyncCmdlet : PSCmdlet, IDisposable
{
    /// <summary>How long a stopped command waits for its requests to notice.</summary>
    private static readonly TimeSpan GraceAtStop = TimeSpan.FromMilliseconds(500);

    /// <summary>How long it waits for a step that must not be left half done.</summary>
    private static readonly TimeSpan GraceOfLastStep = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Creates the command.</summary>
    private protected AsyncCmdlet()
    {
        Progress = new ProgressReporter(this);
        Pipeline = new PipelineWriter(this, Progress, () => EventAction.LetRun(this));
    }

    private protected PipelineWriter Pipeline { get; }

    private protected ProgressReporter Progress { get; }

    /// <summary>Cancelled by Ctrl+C, and when the rest of the pipeline wants no more.</summary>
    private protected CancellationToken Ending => _stopping.Token;

    /// <summary>Whether verbose lines are wanted.</summary>
    private protected bool WantsVerbose { get; private set; }

    /// <summary>Whether debug lines are wanted.</summary>
    private protected bool WantsDebug { get; private set; }

    private bool WantsWarnings => (MyInvocation.BoundParameters.TryGetValue("WarningAction", out object? action) ? action : GetVariableValue("WarningPreference"))?.ToString()
        is not (nameof(ActionPreference.SilentlyContinue) or nameof(ActionPreference.Ignore));

    /// <summary>What -Confirm says: false answers the questions of the command; null where it was not given.</summary>
    private protected bool? Confirm => MyInvocation.BoundParameters.TryGetValue("Confirm", out object? confirm) ? confirm is SwitchParameter { IsPresent: true } : null;

    /// <summary>Whether it is only to be told what would be done.</summary>
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
        // The source is cancelled, not disposed: a request that still ends would trip over it.
        if (disposing) Abandon();
    }

    /// <summary>Reads, on the pipeline thread, all that is bound to the runspace.</summary>
    private protected virtual void Prepare()
    {
    }

    /// <summary>Handles a record. Starts on the pipeline thread, which it may use up to its first await; the writer takes output from any thread.</summary>
    private protected virtual Task ProcessAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Handles the end of the input.</summary>
    private protected virtual Task EndAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>What a person has to know where the command is stopped half way; null for nothing.</summary>
    private protected virtual string? StoppedHalfWay() => null;

    /// <summary>Whether the command is in a step that ends by itself and is waited for, although the command was stopped.</summary>
    private protected virtual bool IsInLastStep => false;

    /// <summary>Whether Ctrl+C stopped the command, not the rest of the pipeline that wants no more.</summary>
    private protected bool WasStopped { get; private set; }

    /// <summary>The error that a person is told of instead of the one that ends the command.</summary>
    private protected virtual AcmException Explain(AcmException error) => error;

    /// <summary>Whether the session that the command works with was ended meanwhile.</summary>
    private protected virtual bool IsSessionOver => false;

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

    /// <summary>Waits, on the pipeline thread, for what comes before the first record. What fails ends the command.</summary>
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

        return GetVariableValue(preference)?.ToString() is { } value
            && !value.Equals(nameof(ActionPreference.SilentlyContinue), StringComparison.OrdinalIgnoreCase)
            && !value.Equals(nameof(ActionPreference.Ignore), StringComparison.OrdinalIgnoreCase);
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
            // Select-Object -First leaves here by an exception while the work still runs, and StopProcessing is not called for it.
            if (!done)
            {
                Abandon();
                Settle(work, IsInLastStep ? GraceOfLastStep : GraceAtStop);

                // A pipeline that is being stopped takes no warning any more: the host does.
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
        catch (ObjectDisposedException e) when (IsSessionOver)
        {
            ThrowTerminatingError(AcmErrors.Record(AcmErrors.SessionEnded(e), target: null));
        }
    }

    private void Abandon()
    {
        _stopping.Cancel();
        Pipeline.End();
    }

    // Requests end within milliseconds of their cancellation. What can't be cancelled (a name look-up on .NET Framework) is not waited for:
    // its output is not taken any more.
    private static void Settle(Task work, TimeSpan grace)
    {
        Task observed = work.ContinueWith(
            t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        observed.Wait(grace);
    }
}
