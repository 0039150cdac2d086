using System.Net;
using System.Runtime.InteropServices;

namespace Acm.Server.Limits;

/// <summary>Limits the number of held polls and gRPC connections, per client address and in total, and the number of their keys.</summary>
/// <param name="perAddress">The maximum for one client address; 0 for no limit.</param>
/// <param name="most">The maximum in total: below the number of connections, so that polls leave some for reads.</param>
internal sealed class PollLimit(int perAddress, int most)
{
    /// <summary>The maximum number of keys; each uses about a hundred bytes if it has no value.</summary>
    private const long MaxKeys = 1_000_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, int> _hanging = [];
    private int _polls;
    private long _keys;

    /// <summary>Counts a poll; returns false if a limit is exceeded.</summary>
    /// <param name="address">The client's address.</param>
    /// <param name="keys">The number of keys of the poll.</param>
    public bool TryEnter(IPAddress address, int keys)
    {
        lock (_lock)
        {
            if (_polls >= most || _keys + keys > MaxKeys) return false;

            ref int count = ref CollectionsMarshal.GetValueRefOrAddDefault(_hanging, address, out _);
            if (perAddress > 0 && count >= perAddress) return false;

            count++;
            _polls++;
            _keys += keys;
            return true;
        }
    }

    public void Leave(IPAddress address, int keys)
    {
        lock (_lock)
        {
            if (--CollectionsMarshal.GetValueRefOrNullRef(_hanging, address) == 0) _hanging.Remove(address);
            _polls--;
            _keys -= keys;
        }
    }
}
