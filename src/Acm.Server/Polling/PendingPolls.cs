using System.Collections.Concurrent;
using Acm.Server.Storage;

namespace Acm.Server.Polling;

/// <summary>Holds polls until one of their keys changes, their time is over, or their client is gone. All dialects share it.</summary>
internal sealed class PendingPolls(ConfigIndex index, PollTimer clock)
{
    private readonly ConcurrentDictionary<IListener, byte> _listeners = new();

    /// <summary>Gets the held polls and the gRPC connections.</summary>
    public IEnumerable<IListener> Listeners => _listeners.Keys;

    /// <summary>Adds a listener.</summary>
    public void Enter(IListener listener) => _listeners[listener] = 0;

    /// <summary>Removes a listener.</summary>
    public void Leave(IListener listener) => _listeners.TryRemove(listener, out _);

    /// <summary>Returns the keys whose values differ from the client's, as the client wrote them and in its order.</summary>
    public List<ConfigKey> Differing(List<ProbeItem> items, ReadView view)
    {
        var differing = new List<ConfigKey>();
        foreach (ProbeItem item in items)
        {
            if (index.Differs(item.Key, view, item.Md5.Span)) differing.Add(item.Name);
        }

        return differing;
    }

    /// <summary>Returns the MD5 that a client with the current value would send.</summary>
    public ReadOnlyMemory<byte> Md5Of(ConfigKey key, ReadView view) =>
        System.Text.Encoding.ASCII.GetBytes(index.FindSlot(key) is { } slot ? view.Md5(slot) : "");

    /// <summary>
    /// Registers a poll on every key. Comparing and registering a key is atomic, so that a change either shows in the
    /// comparison or ends the poll. The items are not used after the return.
    /// </summary>
    public PendingPoll Hold(List<ProbeItem> items, ReadView view, TimeSpan hold, ListeningClient? client = null)
    {
        var poll = new Poll(view) { Client = client };
        poll.Watches.Capacity = items.Count;
        foreach (ProbeItem item in items)
        {
            if (index.TryWatch(item, poll) is { } watch)
            {
                poll.Watches.Add(watch);
                continue;
            }

            poll.TrySetResult(item.Name);
            break;
        }

        Enter(poll);
        clock.Add(poll, hold);
        return new PendingPoll(poll, this);
    }

    /// <summary>Removes a poll from every key.</summary>
    public void Remove(Poll poll)
    {
        clock.Remove(poll);
        Leave(poll);
        foreach (Watch watch in poll.Watches) index.Unwatch(watch);
    }
}
