using Acm.Server.Storage;

namespace Acm.Server.Polling;

/// <summary>Where polls hang until a key they watch changes, their time is over, or their client is gone.</summary>
internal sealed class PollBoard(ConfigIndex index, PollClock clock)
{
    /// <summary>The keys whose values are not what the client has, in the order asked.</summary>
    public List<ConfigKey> Differing(List<ProbeItem> items)
    {
        var differing = new List<ConfigKey>();
        foreach (ProbeItem item in items)
        {
            if (index.Differs(item.Key, item.Md5.Span)) differing.Add(item.Key);
        }

        return differing;
    }

    /// <summary>What a client would send that has the current value.</summary>
    public ReadOnlyMemory<byte> Md5Of(ConfigKey key) => System.Text.Encoding.ASCII.GetBytes(index.Find(key)?.Md5 ?? "");

    /// <summary>
    /// Registers a poll on every key. Each key is compared and registered in one step, so that a change either shows in the
    /// comparison or wakes the poll. The items may be let go on return.
    /// </summary>
    public HangingPoll Hang(List<ProbeItem> items, TimeSpan hold)
    {
        var poll = new Poll();
        var watches = new List<Watch>(items.Count);
        foreach (ProbeItem item in items)
        {
            if (index.TryWatch(item.Key, poll, item.Md5.Span) is { } watch)
            {
                watches.Add(watch);
                continue;
            }

            poll.TrySetResult(PollAnswer.Of(item.Key));
            break;
        }

        clock.Add(poll, hold);
        return new HangingPoll(poll, watches, index, clock);
    }
}
