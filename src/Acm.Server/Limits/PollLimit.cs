using System.Net;
using System.Runtime.InteropServices;

namespace Acm.Server.Limits;

/// <summary>How many polls hang at once, gRPC connections among them, a client address and in all, and how many keys they watch together.</summary>
/// <param name="perAddress">The most of one client address; 0 for no limit.</param>
/// <param name="most">The most of all: fewer than connections, so that polls leave room for reads.</param>
internal sealed class PollLimit(int perAddress, int most)
{
    /// <summary>Each watched key costs some hundred bytes where it has no value.</summary>
    private const long MostKeys = 1_000_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, int> _hanging = [];
    private int _polls;
    private long _keys;

    /// <param name="address">The client's.</param>
    /// <param name="keys">How many keys the poll watches.</param>
    public bool TryEnter(IPAddress address, int keys)
    {
        lock (_lock)
        {
            if (_polls >= most || _keys + keys > MostKeys) return false;

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
