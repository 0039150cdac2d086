using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>
/// What one Register-AcmWatcher made: a watcher of the engine, and the subscription that its changes become events of. The end of either is the end of both.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "It ends with the subscription or the session; Stop disposes of the watcher.")]
internal sealed class EventSubscription
{
    private readonly PSEventManager _events;
    private readonly AcmSession _session;
    private readonly WatcherRequest _request;
    private readonly ActionQueue? _line;
    private PatternWatcher? _watcher;
    private int _ended;
    private int _raised;

    private EventSubscription(PSEventManager events, AcmSession session, WatcherRequest request, ActionQueue? line)
    {
        _events = events;
        _session = session;
        _request = request;
        _line = line;
    }

    /// <summary>PowerShell's own record of it.</summary>
    internal PSEventSubscriber Subscriber { get; private set; } = null!;

    /// <summary>The engine's.</summary>
    internal PatternWatcher Watcher => _watcher!;

    internal bool HasEnded => Volatile.Read(ref _ended) != 0;

    /// <summary>Whether PowerShell runs no action of it any more: it does not after one that failed.</summary>
    internal bool RunsNoMore => Subscriber.Action is { JobStateInfo.State: JobState.Failed or JobState.Stopped };

    /// <summary>Whether it has ended, or its action failed.</summary>
    internal bool IsOver => HasEnded || RunsNoMore;

    /// <summary>Whether it was raised as often as was asked for, or is over.</summary>
    internal bool TakesNoMore => IsOver || (_request.MaxTriggerCount > 0 && Volatile.Read(ref _raised) >= _request.MaxTriggerCount);

    /// <summary>Subscribes, and only then begins to watch: a change that came before the subscription would be lost.</summary>
    /// <param name="events">The runspace's events.</param>
    /// <param name="line">The runspace's waiting actions; null where its scripts may not call what tells the end of one, and events are raised as they come.</param>
    /// <param name="session">Where the keys are.</param>
    /// <param name="client">The engine's session.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="request">What was asked for.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.NotConnected"/>: the session has ended.</exception>
    internal static EventSubscription Begin(PSEventManager events, ActionQueue? line, AcmSession session, AcmClient client, IReadOnlyList<ConfigKey> keys, WatcherRequest request)
    {
        var subscription = new EventSubscription(events, session, request, request.Action is null ? null : line);
        var source = new AcmWatcherSource(keys, () => subscription.Stop());
        subscription.Subscribe(source);
        try
        {
            subscription._watcher = PatternWatcher.Begin(client, keys, request.Following, subscription.RaiseAsync, new WatchOptions { NoInitial = request.NoInitial, Lane = subscription._line?.Lane, Transport = (AcmWatchTransport)request.Transport }, call: null);
            session.Ending += subscription.End;
        }
        catch
        {
            subscription.End();
            throw;
        }

        // An action may have ended it while it was begun, and a session that ended meanwhile told nobody.
        if (subscription.IsOver) subscription.LetGo();
        else if (!session.IsConnected) subscription.End();
        return subscription;
    }

    /// <summary>Watches some keys no more; the last one takes the subscription with it.</summary>
    /// <param name="keys">The keys.</param>
    internal void Remove(IReadOnlyCollection<ConfigKey> keys)
    {
        Watcher.Remove(keys);
        if (Watcher.Keys.Count == 0) End();
    }

    /// <summary>Ends the watching at once, and the subscription with it; that of an action that runs or waits once it has run.</summary>
    internal void End()
    {
        if (!Stop()) return;

        if (_request.Action is null) Unsubscribe();
        else if (_line is null) NewRemoval().Raise();
        else if (!_line.RemoveAfterAction(this, NewRemoval)) Unsubscribe();
    }

    /// <summary>Ends the watching; the subscription ends by itself, or has.</summary>
    internal bool Stop()
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0) return false;

        LetGo();
        return true;
    }

    private void Unsubscribe()
    {
        try
        {
            _events.UnsubscribeEvent(Subscriber);
        }
        catch (ObjectDisposedException)
        {
            // Remove-Job has disposed of the job of an action that failed, and PowerShell cannot take a subscription off its list that has no job. Nothing is watched for it any more.
        }
    }

    private DeferredUnsubscribe NewRemoval() => new(_events, () =>
    {
        Unsubscribe();
        _line?.Ended(this);
    });

    private void Subscribe(AcmWatcherSource source)
    {
        WatcherAction? action = _request.Action is null || _line is null ? null : new WatcherAction(_request.Action, () => _line.Ended(this));
        Subscriber = _events.SubscribeEvent(
            source, nameof(AcmWatcherSource.Changed), _request.SourceIdentifier, _request.MessageData, action?.ScriptBlock ?? _request.Action,
            _request.SupportEvent, _request.Forward, _request.MaxTriggerCount);
        if (action is null) return;

        action.RunIn(Subscriber.Action.Module);
        Subscriber.Action.StateChanged += (_, _) =>
        {
            if (!RunsNoMore) return;

            _watcher?.Dispose();
            _line!.Ended(this);
        };
    }

    private void LetGo()
    {
        _session.Ending -= End;
        _watcher?.Dispose();
    }

    // Raised on the thread of the delivery, one after the other: with a thread for each event their order would be lost.
    private async ValueTask RaiseAsync(AcmConfigChange change, CancellationToken cancellationToken)
    {
        if (_line is null || TakesNoMore) Raise(change);
        else await _line.RaiseAsync(this, () => Raise(change), cancellationToken).ConfigureAwait(false);
    }

    private bool Raise(AcmConfigChange change)
    {
        if (TakesNoMore) return false;

        // Whoever takes the last event out of the queue is to find the watching ended. With an action PowerShell ends it, once that has run.
        if (Interlocked.Increment(ref _raised) == _request.MaxTriggerCount && _request.Action is null) Stop();
        try
        {
            if (_request.Action is not null) Generate(change);

            // PowerShell does not count for two threads at once, and two events of one number in its queue can't be told apart. One that runs an action may take its time, and is in no queue.
            else lock (_events) Generate(change);
        }
        catch (InvalidPipelineStateException)
        {
            // The event is in PowerShell's queue. What failed was to wake the idle runspace, because an event of somebody else did so at the same moment (PowerShell issue 24692).
        }

        return true;
    }

    private void Generate(AcmConfigChange change)
    {
        object[] arguments = [_session, change];
        _events.GenerateEvent(Subscriber.SourceIdentifier, _session, arguments, _request.MessageData, processInCurrentThread: true, waitForCompletionInCurrentThread: false);
    }
}
