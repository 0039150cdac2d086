using System.Diagnostics;
using System.Management.Automation;
using Acm.Client.Text;

namespace AcmPowerShell;

/// <summary>
/// Takes what a command has to say from any thread and says it on the pipeline thread, the only one that may. One a command, for as long as
/// the command lives: what is in flight between two records speaks when the next one is pumped.
/// </summary>
internal sealed class PipelineWriter(Cmdlet cmdlet, ProgressReporter progress, Action idle)
{
    /// <summary>Outputs that may wait before their producer has to; what holds a fast producer back behind a slow consumer.</summary>
    private const int MostWaiting = 64;

    private readonly object _gate = new();
    private readonly Queue<Call> _calls = new();
    private TaskCompletionSource<bool>? _room;
    private readonly Stopwatch _sinceTick = Stopwatch.StartNew();
    private bool _ended;

    /// <summary>How often the pipeline thread looks whether progress is due, and lets the actions of events in, be there much to write or nothing.</summary>
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

    /// <summary>A line for the person at the host; no output.</summary>
    internal void WriteHost(string text) => Post(new Call(Kind.Information, ForeignText.CleanLines(text)));

    internal void WriteDebug(string text) => Post(new Call(Kind.Debug, ForeignText.CleanLines(text)));

    /// <summary>Whether to act: answers -WhatIf and -Confirm.</summary>
    internal Task<bool> ShouldProcessAsync(string target, string action) => AskAsync(() => Confirmation.Ask(cmdlet, target, action));

    /// <summary>Whether to act, in words of the caller's own: what would be done, for -WhatIf, and the question, for -Confirm.</summary>
    internal Task<bool> ShouldProcessAsync(string description, string question, string caption) => AskAsync(() => Confirmation.Ask(cmdlet, description, question, caption));

    /// <summary>Whether to do each of several things, asked in one go.</summary>
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

    /// <summary>Whether to go on, where so much is at stake that it is asked whatever $ConfirmPreference is.</summary>
    internal Task<bool> ShouldContinueAsync(string query, string caption) => AskAsync(() => Confirmation.AskToContinue(cmdlet, query, caption));

    /// <summary>Returns once all that was said before has been heard: an error that ends the command, as by -ErrorAction Stop, has ended it then.</summary>
    internal Task HeardAsync() => AskAsync(() => true);

    /// <summary>Makes the calls until the work is done and none is left. On the pipeline thread only.</summary>
    internal void RunUntilDone(Task work, CancellationToken stopping)
    {
        using CancellationTokenRegistration stop = stopping.Register(Wake);
        if (!work.IsCompleted)
            work.ContinueWith((_, _) => Wake(), null, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

        while (TryTake(work, stopping, out Call call)) Make(call);
    }

    /// <summary>From now on nothing is taken any more: whoever still runs is told by a cancellation.</summary>
    internal void End()
    {
        TaskCompletionSource<bool>? room;
        Question[] questions;
        lock (_gate)
        {
            _ended = true;
            questions = [.. _calls.Select(call => call.Value).OfType<Question>()];
            _calls.Clear();
            room = _room;
            _room = null;
        }

        // Nobody answers any more: who waits for that has to clean up behind it.
        foreach (Question question in questions) question.TrySetCanceled();
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

    // Counted from the end of the actions: long ones must not leave the output waiting behind one tick after the other.
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
        lock (_gate)
        {
            call = default;
            while (true)
            {
                if (stopping.IsCancellationRequested || (_calls.Count == 0 && work.IsCompleted)) return false;

                // Before the calls: a producer that always has one more would keep the actions out for ever.
                TimeSpan untilTick = TickInterval - _sinceTick.Elapsed;
                if (untilTick <= TimeSpan.Zero) return true;
                if (_calls.Count > 0) break;

                Monitor.Wait(_gate, untilTick);
            }

            call = _calls.Dequeue();
            if (_room is not null && _calls.Count <= MostWaiting / 2)
            {
                room = _room;
                _room = null;
            }
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
            Monitor.Pulse(_gate);
            return true;
        }
    }

    private ValueTask PostAndWaitForRoom(Call call)
    {
        lock (_gate)
        {
            if (_ended) throw new OperationCanceledException("The pipeline has ended.");

            _calls.Enqueue(call);
            Monitor.Pulse(_gate);
            if (_calls.Count < MostWaiting) return default;

            _room ??= new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask(_room.Task);
        }
    }

    private void Wake()
    {
        lock (_gate) Monitor.Pulse(_gate);
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
                // The asking step ends with the same error as the pipeline thread, which throws it on.
                TrySetException(e);
                throw;
            }
        }
    }
}
