using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using Acm.Client.Text;

namespace AcmPowerShell;

/// <summary>
/// Accepts output from any thread and writes it on the pipeline thread, the only one that PowerShell allows. It lives as long as the command:
/// output that arrives between two records is written while the next one is processed.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The event has no handle to release, because nobody asks for its WaitHandle, and late output may still set it.")]
internal sealed class PipelineWriter(Cmdlet cmdlet, ProgressReporter progress, Action idle)
{
    /// <summary>Maximum number of pending outputs. A producer that exceeds it has to wait for the consumer.</summary>
    private const int MaxPending = 64;

    private readonly object _gate = new();
    private readonly Queue<Call> _calls = new();

    // Spins briefly before it blocks, as Task.Wait does. Waking a thread from Monitor.Wait takes a tenth of the time of a get.
    private readonly ManualResetEventSlim _changed = new();
    private TaskCompletionSource<bool>? _room;
    private readonly Stopwatch _sinceTick = Stopwatch.StartNew();
    private bool _ended;

    /// <summary>Gets or sets the interval at which the pipeline thread updates the progress and runs pending event actions.</summary>
    internal TimeSpan TickInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    private enum Kind
    {
        Tick,
        Output,
        Error,
        Warning,
        Verbose,
        Debug,
        Information,
        Question,
    }

    internal ValueTask WriteObjectAsync(object value) => PostAndWaitForRoom(new Call(Kind.Output, value));

    internal ValueTask WriteErrorAsync(ErrorRecord record) => PostAndWaitForRoom(new Call(Kind.Error, AcmErrors.Cleaned(record)));

    internal void WriteWarning(string text) => Post(new Call(Kind.Warning, ForeignText.CleanLines(text)));

    internal void WriteVerbose(string text) => Post(new Call(Kind.Verbose, ForeignText.CleanLines(text)));

    /// <summary>Writes a line to the host, not to the output.</summary>
    internal void WriteHost(string text) => Post(new Call(Kind.Information, ForeignText.CleanLines(text)));

    internal void WriteDebug(string text) => Post(new Call(Kind.Debug, ForeignText.CleanLines(text)));

    /// <summary>Evaluates -WhatIf and -Confirm and returns whether to continue.</summary>
    internal Task<bool> ShouldProcessAsync(string target, string action) => AskAsync(() => Confirmation.Ask(cmdlet, target, action));

    /// <summary>Evaluates -WhatIf, with a description, and -Confirm, with a question, and returns whether to continue.</summary>
    internal Task<bool> ShouldProcessAsync(string description, string question, string caption) => AskAsync(() => Confirmation.Ask(cmdlet, description, question, caption));

    /// <summary>Evaluates -WhatIf and -Confirm for several actions in one call.</summary>
    internal async Task<bool[]> ShouldProcessEachAsync(IReadOnlyList<string> descriptions)
    {
        var answers = new bool[descriptions.Count];
        await AskAsync(() =>
        {
            for (int i = 0; i < answers.Length; i++) answers[i] = Confirmation.Ask(cmdlet, descriptions[i], descriptions[i] + "?", "Confirm");
            return true;
        }).ConfigureAwait(false);
        return answers;
    }

    /// <summary>Prompts for a dangerous action regardless of $ConfirmPreference, and returns whether to continue.</summary>
    internal Task<bool> ShouldContinueAsync(string query, string caption) => AskAsync(() => Confirmation.AskToContinue(cmdlet, query, caption));

    /// <summary>Waits until all earlier output is written. With -ErrorAction Stop, an earlier error ends the command here.</summary>
    internal Task HeardAsync() => AskAsync(() => true);

    /// <summary>Writes output until the work is complete and nothing is pending. Call it on the pipeline thread only.</summary>
    internal void RunUntilDone(Task work, CancellationToken stopping)
    {
        using CancellationTokenRegistration stop = work.IsCompleted ? default : stopping.Register(_changed.Set);
        if (!work.IsCompleted)
            work.ContinueWith((_, _) => _changed.Set(), null, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

        while (TryTake(work, stopping, out Call call)) Make(call);
    }

    /// <summary>Stops accepting output. Later writes and pending questions are cancelled.</summary>
    internal void End()
    {
        TaskCompletionSource<bool>? room;
        Call[] left;
        lock (_gate)
        {
            _ended = true;
            left = _calls.Count == 0 ? [] : [.. _calls];
            _calls.Clear();
            room = _room;
            _room = null;
        }

        // Waiting steps get a cancellation, so that they can clean up.
        foreach (Call call in left) (call.Value as Question)?.TrySetCanceled();
        room?.TrySetCanceled();
    }

    private void Make(Call call)
    {
        if (call.Kind == Kind.Output) progress.Finish();
        else if (call.Kind != Kind.Tick) progress.Complete();

        switch (call.Kind)
        {
            case Kind.Output: cmdlet.WriteObject(call.Value); break;
            case Kind.Error: cmdlet.WriteError((ErrorRecord)call.Value!); break;
            case Kind.Warning: cmdlet.WriteWarning((string)call.Value!); break;
            case Kind.Verbose: cmdlet.WriteVerbose((string)call.Value!); break;
            case Kind.Debug: cmdlet.WriteDebug((string)call.Value!); break;
            case Kind.Information: cmdlet.WriteInformation(new HostInformationMessage { Message = (string)call.Value! }, ["PSHOST"]); break;
            case Kind.Question: ((Question)call.Value!).Answer(); break;
            case Kind.Tick: Tick(); break;
        }

        progress.Tick();
    }

    // The interval starts at the end of the actions. Otherwise long actions would run back to back and delay the output.
    private void Tick()
    {
        try
        {
            idle();
        }
        finally
        {
            _sinceTick.Restart();
        }
    }

    private bool TryTake(Task work, CancellationToken stopping, out Call call)
    {
        TaskCompletionSource<bool>? room = null;
        call = default;
        while (true)
        {
            // Reset before the checks, so that a later change ends the wait.
            _changed.Reset();
            TimeSpan untilTick;
            lock (_gate)
            {
                if (stopping.IsCancellationRequested || (_calls.Count == 0 && work.IsCompleted)) return false;

                // Checked before the queue, because a busy producer would otherwise keep event actions from running.
                untilTick = TickInterval - _sinceTick.Elapsed;
                if (untilTick <= TimeSpan.Zero) return true;

                if (_calls.Count > 0)
                {
                    call = _calls.Dequeue();
                    if (_room is not null && _calls.Count <= MaxPending / 2)
                    {
                        room = _room;
                        _room = null;
                    }

                    break;
                }
            }

            _changed.Wait(untilTick);
        }

        room?.TrySetResult(true);
        return true;
    }

    private Task<bool> AskAsync(Func<bool> ask)
    {
        var question = new Question(ask);
        if (!Post(new Call(Kind.Question, question))) question.TrySetCanceled();
        return question.Task;
    }

    private bool Post(Call call)
    {
        lock (_gate)
        {
            if (_ended) return false;

            _calls.Enqueue(call);
        }

        _changed.Set();
        return true;
    }

    private ValueTask PostAndWaitForRoom(Call call)
    {
        TaskCompletionSource<bool>? room = null;
        lock (_gate)
        {
            if (_ended) throw new OperationCanceledException("The pipeline has ended.");

            _calls.Enqueue(call);
            if (_calls.Count >= MaxPending) room = _room ??= new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        _changed.Set();
        return room is null ? default : new ValueTask(room.Task);
    }

    private readonly record struct Call(Kind Kind, object? Value);

    private sealed class Question(Func<bool> ask) : TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        internal void Answer()
        {
            try
            {
                TrySetResult(ask());
            }
            catch (Exception e)
            {
                // The waiting step and the pipeline thread both get the error.
                TrySetException(e);
                throw;
            }
        }
    }
}
