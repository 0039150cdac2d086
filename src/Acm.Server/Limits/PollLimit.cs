using System.Net;
using System.Runtime.InteropServices;

namespace Acm.Server.Limits;

/// <summary>So many polls that hang at once, a client address. Zero is no limit.</summary>
internal sealed class PollLimit(int perAddress)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, int> _hanging = [];

    public bool TryEnter(IPAddress address)
    {
        if (perAddress == 0) return true;

        lock (_lock)
        {
            ref int count = ref CollectionsMarshal.GetValueRefOrAddDefault(_hanging, address, out _);
            if (count >= perAddress) return false;

            count++;
            return true;
        }
    }

    public void Leave(IPAddress address)
    {
        if (perAddress == 0) return;

        lock (_lock)
        {
            if (--CollectionsMarshal.GetValueRefOrNullRef(_hanging, address) == 0) _hanging.Remove(address);
        }
    }
}
