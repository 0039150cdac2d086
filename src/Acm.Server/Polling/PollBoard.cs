using System.Collections.Concurrent;
using Acm.Server.Storage;

namespace Acm.Server.Polling;

/// <summary>Where polls hang until a key they watch changes, their time is over, or their client is gone. All dialects share it.</summary>
internal sealed class PollBoard(ConfigIndex index, PollClock clock)
{
    private readonly ConcurrentDictionary<IListener, byte> _listeners = new();

    /// <summary>The polls that hang now, and the connections that are pushed to.</summary>
    public IEnumerable<IListener> Listeners => _listeners.Keys;

    /// <summary>Takes in a connection that is pushed to.</summary>
    public void Enter(IListener listener) => _listeners[listener] = 0;

    /// <summary>Lets a connection go.</summary>
    public void Leave(IListener listener) => _listeners.TryRemove(listener, out _);

    /// <summary>The keys whose values are not what the client has, in the order asked, named as the client named them.</summary>
    public List<ConfigKey> Differing(List<ProbeItem> items, ReadView view)
    {
        var differing = new List<ConfigKey>();
        foreach (ProbeItem item in items)
        {
            if (index.Differs(item.Key, view, item.Md5.Span)) differing.Add(item.Name);
        }

        return differing;
    }

    /// <summary>What a client would send that has the current value.</summary>
    public ReadOnlyMemory<byte> Md5Of(ConfigKey key, ReadView view) =>
        System.Text.Encoding.ASCII.GetBytes(index.FindSlot(key) is { } slot ? view.Md5(slot) : "");

    /// <summary>
    /// Registers a poll on every key. Each key is compared and registered in one step, so that a change either shows in the
    /// comparison or wakes the poll. The items may be let go on return.
    /// </summary>
    public HangingPoll Hang(List<ProbeItem> items, ReadView view, TimeSpan hold, ListeningClient? client = null)
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
        return new HangingPoll(poll, this);
    }

    /// <summary>Takes a poll off every key.</summary>
    public void Remove(Poll poll)
    {
        clock.Remove(poll);
        Leave(poll);
        foreach (Watch watch in poll.Watches) index.Unwatch(watch);
    }
}
