using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace AcmPowerShell;

/// <summary>The sessions, watchers and servers of a runspace. They are released with it.</summary>
internal sealed class RunspaceResources
{
    private static readonly ConditionalWeakTable<Runspace, RunspaceResources> All = new();

    private readonly object _gate = new();
    private readonly List<WeakReference<AcmSession>> _sessions = [];
    private readonly List<EventSubscription> _subscriptions = [];
    private readonly List<AcmServer> _servers = [];
    private AcmSession? _current;

    private RunspaceResources(Runspace runspace) => Actions = new ActionQueue(runspace);

    /// <summary>Gets the queue of actions for the runspace's thread.</summary>
    internal ActionQueue Actions { get; }

    /// <summary>Gets the default session, or null.</summary>
    internal AcmSession? Current
    {
        get
        {
            lock (_gate) return _current is { IsConnected: true } ? _current : null;
        }
    }

    /// <summary>Gets the sessions of this runspace that are still referenced, latest first.</summary>
    internal AcmSession[] Sessions
    {
        get
        {
            lock (_gate)
                return [.. Enumerable.Reverse(_sessions).Select(s => s.TryGetTarget(out AcmSession? session) ? session : null).OfType<AcmSession>()];
        }
    }

    /// <summary>Gets the running servers of this runspace.</summary>
    internal AcmServer[] Servers
    {
        get
        {
            lock (_gate) return [.. _servers];
        }
    }

    /// <summary>Gets the active subscriptions of this runspace, oldest first.</summary>
    internal EventSubscription[] Subscriptions
    {
        get
        {
            lock (_gate) return [.. _subscriptions.Where(subscription => !subscription.HasEnded)];
        }
    }

    internal static RunspaceResources Of(Runspace runspace) => All.GetValue(runspace, Create);

    /// <summary>Adds a session and makes it the default, if requested. The previous default stays open.</summary>
    internal void Add(AcmSession session, bool isDefault = true)
    {
        lock (_gate)
        {
            _sessions.RemoveAll(s => !s.TryGetTarget(out _));
            _sessions.Add(new WeakReference<AcmSession>(session));
            if (isDefault) _current = session;
        }
    }

    internal void Add(EventSubscription subscription)
    {
        lock (_gate)
        {
            _subscriptions.RemoveAll(s => s.HasEnded);
            _subscriptions.Add(subscription);
        }
    }

    internal void Add(AcmServer server)
    {
        lock (_gate)
        {
            _servers.RemoveAll(s => s.HasExited);
            _servers.Add(server);
        }
    }

    /// <summary>Returns the running server of this runspace at an address; null if there is none.</summary>
    /// <param name="address">An address as <c>host:port</c> or URI. Servers listen on the loopback interface, so all its names are equal.</param>
    internal AcmServer? FindServer(string address)
    {
        string text = address.IndexOf("://", StringComparison.Ordinal) < 0 ? "http://" + address : address;
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || !uri.IsLoopback) return null;

        lock (_gate) return _servers.Find(server => server.Port == uri.Port && !server.HasExited);
    }

    internal void Remove(AcmServer server)
    {
        lock (_gate) _servers.Remove(server);
    }

    /// <summary>Closes the sessions and watchers, and releases the servers: those that were not detached stop.</summary>
    /// <param name="closing">Whether the runspace is closing. It then removes its event subscriptions itself.</param>
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
        foreach (AcmServer server in servers) server.Release();
    }

    private static RunspaceResources Create(Runspace runspace)
    {
        var resources = new RunspaceResources(runspace);
        runspace.StateChanged += (_, change) =>
        {
            if (change.RunspaceStateInfo.State is RunspaceState.Closing or RunspaceState.Closed or RunspaceState.Broken) resources.End(closing: true);
        };
        return resources;
    }
}
