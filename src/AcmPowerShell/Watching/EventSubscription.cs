using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>
/// A watcher of the engine and the event subscription for its changes. If one of them ends, so does the other.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "Stop disposes the watcher when the subscription or the session ends.")]
internal sealed class EventSubscription
{
    private readonly PSEventManager _events;
    private readonly AcmSession _session;
    private readonly WatcherRequest _request;
    private readonly ActionQueue? _actions;
    private PatternWatcher? _watcher;
    private int _ended;
    private int _raised;

    private EventSubscription(PSEventManager events, AcmSession session, WatcherRequest request, ActionQueue? actions)
    {
        _events = events;
        _session = session;
        _request = request;
        _actions = actions;
    }

    /// <summary>Gets the event subscriber of PowerShell.</summary>
    internal PSEventSubscriber Subscriber { get; private set; } = null!;

    /// <summary>Gets the watcher of the engine.</summary>
    internal PatternWatcher Watcher => _watcher!;

    internal bool HasEnded => Volatile.Read(ref _ended) != 0;

    /// <summary>Gets whether its action failed. PowerShell does not run it again.</summary>
    internal bool RunsNoMore => Subscriber.Action is { JobStateInfo.State: JobState.Failed or JobState.Stopped };

    /// <summary>Gets whether it has ended or its action failed.</summary>
    internal bool IsOver => HasEnded || RunsNoMore;

    /// <summary>Gets whether it has reached its trigger count, has ended or its action failed.</summary>
    internal bool TakesNoMore => IsOver || (_request.MaxTriggerCount > 0 && Volatile.Read(ref _raised) >= _request.MaxTriggerCount);

    /// <summary>Subscribes and then starts to watch. In this order, no change is lost.</summary>
    /// <param name="events">The event manager of the runspace.</param>
    /// <param name="actions">The action queue of the runspace. Null if its language mode does not allow the call that reports the end of an action; events are then raised immediately.</param>
    /// <param name="session">The connection.</param>
    /// <param name="client">The client for the namespace.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="request">The parameters of the command.</param>
    /// <exception cref="AcmException">The session is closed (<see cref="AcmErrorKind.NotConnected"/>).</exception>
    internal static EventSubscription Begin(PSEventManager events, ActionQueue? actions, AcmSession session, AcmClient client, IReadOnlyList<ConfigKey> keys, WatcherRequest request)
    {
        var subscription = new EventSubscription(events, session, request, request.Action is null ? null : actions);
        var source = new AcmWatcherSource(keys, () => subscription.Stop());
        subscription.Subscribe(source);
        try
        {
            subscription._watcher = PatternWatcher.Begin(client, keys, request.Following, subscription.RaiseAsync, new WatchOptions { NoInitial = request.NoInitial, Lane = subscription._actions?.Lane, Transport = (AcmWatchTransport)request.Transport }, call: null);
            session.Ending += subscription.End;
        }
        catch
        {
            subscription.End();
            throw;
        }

        // An action can have ended the subscription already, and a session that was closed before the handler was added raised no event for it.
        if (subscription.IsOver) subscription.Release();
        else if (!session.IsConnected) subscription.End();
        return subscription;
    }

    /// <summary>Stops watching keys. The subscription ends with its last key.</summary>
    /// <param name="keys">The keys.</param>
    internal void Remove(IReadOnlyCollection<ConfigKey> keys)
    {
        Watcher.Remove(keys);
        if (Watcher.Keys.Count == 0) End();
    }

    /// <summary>Stops the watching and unsubscribes, after a running or pending action.</summary>
    internal void End()
    {
        if (!Stop()) return;

        if (_request.Action is null) Unsubscribe();
        else if (_actions is null) NewRemoval().Raise();
        else if (!_actions.RemoveAfterAction(this, NewRemoval)) Unsubscribe();
    }

    /// <summary>Stops the watching without unsubscribing. Returns false if it was stopped before.</summary>
    internal bool Stop()
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0) return false;

        Release();
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
            // Remove-Job disposed the job of a failed action. PowerShell then cannot remove the subscription from its list, but nothing is watched for it.
        }
    }

    private DeferredUnsubscribe NewRemoval() => new(_events, () =>
    {
        Unsubscribe();
        _actions?.Ended(this);
    });

    private void Subscribe(AcmWatcherSource source)
    {
        WatcherAction? action = _request.Action is null || _actions is null ? null : new WatcherAction(_request.Action, () => _actions.Ended(this));
        Subscriber = _events.SubscribeEvent(
            source, nameof(AcmWatcherSource.Changed), _request.SourceIdentifier, _request.MessageData, action?.ScriptBlock ?? _request.Action,
            _request.SupportEvent, _request.Forward, _request.MaxTriggerCount);
        if (action is null) return;

        action.RunIn(Subscriber.Action.Module);
        Subscriber.Action.StateChanged += (_, _) =>
        {
            if (!RunsNoMore) return;

            _watcher?.Dispose();
            _actions!.Ended(this);
        };
    }

    private void Release()
    {
        _session.Ending -= End;
        _watcher?.Dispose();
    }

    // Raised on the thread of the callback, one after another, because separate threads would lose their order.
    private async ValueTask RaiseAsync(AcmConfigChange change, CancellationToken cancellationToken)
    {
        if (_actions is null || TakesNoMore) Raise(change);
        else await _actions.RaiseAsync(this, () => Raise(change), cancellationToken).ConfigureAwait(false);
    }

    private bool Raise(AcmConfigChange change)
    {
        if (TakesNoMore) return false;

        // Stop before the last event is queued, so that its receiver finds the watching stopped. With an action, PowerShell ends the subscription after it.
        if (Interlocked.Increment(ref _raised) == _request.MaxTriggerCount && _request.Action is null) Stop();
        try
        {
            if (_request.Action is not null) Generate(change);

            // PowerShell's event counter is not thread-safe, and queued events with the same number cannot be distinguished. Events with an action are not queued, so they need no lock.
            else lock (_events) Generate(change);
        }
        catch (InvalidPipelineStateException)
        {
            // The event is queued. Only waking the idle runspace failed, because another event did so at the same time (PowerShell issue 24692).
        }

        return true;
    }

    private void Generate(AcmConfigChange change)
    {
        object[] arguments = [_session, change];
        _events.GenerateEvent(Subscriber.SourceIdentifier, _session, arguments, _request.MessageData, processInCurrentThread: true, waitForCompletionInCurrentThread: false);
    }
}
