using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>
/// What one Register-AcmWatcher made: a watcher of the engine, and the subscription that its changes become events of. The end of either is the end of both.
/// </summary>
internal sealed class EventSubscription
{
    private readonly PSEventManager _events;
    private readonly AcmSession _session;
    private readonly PSObject? _messageData;
    private readonly ActionLine? _line;
    private ConfigWatcher? _watcher;
    private int _ended;

    private EventSubscription(PSEventManager events, AcmSession session, PSObject? messageData, ActionLine? line)
    {
        _events = events;
        _session = session;
        _messageData = messageData;
        _line = line;
    }

    /// <summary>PowerShell's own record of it.</summary>
    internal PSEventSubscriber Subscriber { get; private set; } = null!;

    /// <summary>The engine's.</summary>
    internal ConfigWatcher Watcher => _watcher!;

    /// <summary>Whether its events have an action, one of which may be what runs now.</summary>
    internal bool HasAction => _line is not null;

    internal bool HasEnded => Volatile.Read(ref _ended) != 0;

    /// <summary>Subscribes, and only then begins to watch: a change that came before the subscription would be lost.</summary>
    /// <param name="events">The runspace's events.</param>
    /// <param name="line">The runspace's waiting actions.</param>
    /// <param name="session">Where the keys are.</param>
    /// <param name="client">The engine's session.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="request">What was asked for.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.NotConnected"/>: the session has ended.</exception>
    internal static EventSubscription Begin(PSEventManager events, ActionLine line, AcmSession session, AcmClient client, IReadOnlyList<ConfigKey> keys, WatcherRequest request)
    {
        var subscription = new EventSubscription(events, session, request.MessageData, request.Action is null ? null : line);
        var source = new AcmWatcherSource(keys, () => subscription.Stop());
        subscription.Subscriber = events.SubscribeEvent(
            source, nameof(AcmWatcherSource.Changed), request.SourceIdentifier, request.MessageData, request.Action,
            request.SupportEvent, request.Forward, request.MaxTriggerCount);
        try
        {
            subscription._watcher = client.Watch(keys, subscription.RaiseAsync, new WatchOptions { NoInitial = request.NoInitial, Lane = subscription._line?.Lane });
            session.Ending += subscription.End;
        }
        catch
        {
            subscription.End(insideAction: false);
            throw;
        }

        // An action may have ended it while it was begun, and a session that ended meanwhile told nobody.
        if (subscription.HasEnded) subscription.LetGo();
        else if (!session.IsConnected) subscription.End(insideAction: false);
        return subscription;
    }

    /// <summary>Watches some keys no more; the last one takes the subscription with it.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="insideAction">Whether an event's action is what asks for it.</param>
    internal void Remove(IReadOnlyCollection<ConfigKey> keys, bool insideAction)
    {
        Watcher.Remove(keys);
        if (Watcher.Keys.Count == 0) End(insideAction);
    }

    /// <summary>Ends the watching at once, and the subscription with it.</summary>
    /// <param name="insideAction">Whether an event's action is what asks for it.</param>
    internal void End(bool insideAction)
    {
        if (!Stop()) return;

        if (insideAction) LateRemoval.Of(Subscriber, _events);
        else _events.UnsubscribeEvent(Subscriber);
    }

    /// <summary>Ends the watching; the subscription ends by itself, or has.</summary>
    internal bool Stop()
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0) return false;

        LetGo();
        return true;
    }

    private void LetGo()
    {
        _session.Ending -= End;
        _watcher?.Dispose();
    }

    // Raised on the thread of the delivery, one after the other: with a thread for each event their order would be lost.
    private ValueTask RaiseAsync(ConfigChange change, CancellationToken cancellationToken)
    {
        if (HasEnded) return default;

        if (_line is null) Raise(change);
        else _line.Raise(() => Raise(change), cancellationToken);
        return default;
    }

    private void Raise(ConfigChange change)
    {
        object[] arguments = [_session, new AcmConfigChange(change)];
        _events.GenerateEvent(Subscriber.SourceIdentifier, _session, arguments, _messageData, processInCurrentThread: true, waitForCompletionInCurrentThread: false);
    }
}
