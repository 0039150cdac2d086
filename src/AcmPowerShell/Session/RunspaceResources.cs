using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace AcmPowerShell;

/// <summary>What belongs to one runspace: its sessions, the watchers it registered and the servers it started. Forgotten with the runspace.</summary>
internal sealed class RunspaceResources
{
    private static readonly ConditionalWeakTable<Runspace, RunspaceResources> All = new();

    private readonly object _gate = new();
    private readonly List<WeakReference<AcmSession>> _sessions = [];
    private readonly List<EventSubscription> _subscriptions = [];
    private readonly List<AcmServer> _servers = [];
    private AcmSession? _current;

    private RunspaceResources(Runspace runspace) => Actions = new ActionQueue(runspace);

    /// <summary>The actions that wait for its thread.</summary>
    internal ActionQueue Actions { get; }

    /// <summary>The session that commands without -Session use; null where there is none.</summary>
    internal AcmSession? Current
    {
        get
        {
            lock (_gate) return _current is { IsConnected: true } ? _current : null;
        }
    }

    /// <summary>The sessions that this runspace made and that someone still holds, the latest first.</summary>
    internal AcmSession[] Sessions
    {
        get
        {
            lock (_gate)
                return [.. Enumerable.Reverse(_sessions).Select(s => s.TryGetTarget(out AcmSession? session) ? session : null).OfType<AcmSession>()];
        }
    }

    /// <summary>The servers that this runspace started and that were not stopped.</summary>
    internal AcmServer[] Servers
    {
        get
        {
            lock (_gate) return [.. _servers];
        }
    }

    /// <summary>The subscriptions to changes that this runspace made and that have not ended, the oldest first.</summary>
    internal EventSubscription[] Subscriptions
    {
        get
        {
            lock (_gate) return [.. _subscriptions.Where(subscription => !subscription.HasEnded)];
        }
    }

    internal static RunspaceResources Of(Runspace runspace) => All.GetValue(runspace, Create);

    /// <summary>Takes a session in, as the current one unless it is not to be. The one before it lives on for whoever kept it.</summary>
    internal void Enter(AcmSession session, bool isDefault = true)
    {
        lock (_gate)
        {
            _sessions.RemoveAll(s => !s.TryGetTarget(out _));
            _sessions.Add(new WeakReference<AcmSession>(session));
            if (isDefault) _current = session;
        }
    }

    internal void Own(EventSubscription subscription)
    {
        lock (_gate)
        {
            _subscriptions.RemoveAll(s => s.HasEnded);
            _subscriptions.Add(subscription);
        }
    }

    internal void Own(AcmServer server)
    {
        lock (_gate)
        {
            _servers.RemoveAll(s => s.HasExited);
            _servers.Add(server);
        }
    }

    internal void Forget(AcmServer server)
    {
        lock (_gate) _servers.Remove(server);
    }

    /// <summary>Ends the sessions and the watchers, and lets go of the servers: those that were not detached stop.</summary>
    /// <param name="closing">Whether the runspace is closing, and ends its event subscriptions itself.</param>
    internal void End(bool closing)
    {
        EventSubscription[] subscriptions = Subscriptions;
        WeakReference<AcmSession>[] sessions;
        AcmServer[] servers;
        lock (_gate)
        {
            sessions = [.. _sessions];
            servers = [.. _servers];
            _sessions.Clear();
            _subscriptions.Clear();
            _servers.Clear();
            _current = null;
        }

        foreach (EventSubscription subscription in subscriptions)
        {
            if (closing) subscription.Stop();
            else subscription.End();
        }

        foreach (WeakReference<AcmSession> session in sessions)
            if (session.TryGetTarget(out AcmSession? target)) target.End();
        foreach (AcmServer server in servers) server.LetGo();
    }

    private static RunspaceResources Create(Runspace runspace)
    {
        var holdings = new RunspaceResources(runspace);
        runspace.StateChanged += (_, change) =>
        {
            if (change.RunspaceStateInfo.State is RunspaceState.Closing or RunspaceState.Closed or RunspaceState.Broken) holdings.End(closing: true);
        };
        return holdings;
    }
}
