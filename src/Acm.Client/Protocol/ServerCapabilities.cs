namespace Acm.Client.Protocol;

/// <summary>
/// The capabilities of a connection's servers: those that the dialect lacks are missing from the start, the others are unknown until tried. The first result stays, because later
/// failures have other causes. Thread-safe.
/// </summary>
internal sealed class ServerCapabilities
{
    private readonly object _gate = new();
    private readonly Capability _never;
    private Capability _missing;
    private Capability _found;

    /// <param name="missing">The capabilities that the dialect lacks.</param>
    public ServerCapabilities(Capability missing) => _never = _missing = missing;

    /// <summary>Returns whether the servers have a capability; null while unknown.</summary>
    public bool? Has(Capability capability)
    {
        lock (_gate) return (_missing & capability) != 0 ? false : (_found & capability) != 0 ? true : null;
    }

    /// <summary>Records a result, even if an earlier one differs.</summary>
    public void NoteLatest(Capability capability, bool isThere)
    {
        lock (_gate)
        {
            _found = isThere ? _found | (capability & ~_never) : _found & ~capability;
            _missing = isThere ? _missing & ~(capability & ~_never) : _missing | capability;
        }
    }

    /// <summary>Records a result, unless an earlier one differs.</summary>
    public void Note(Capability capability, bool isThere)
    {
        lock (_gate)
        {
            if (isThere && (_missing & capability) == 0) _found |= capability;
            if (!isThere && (_found & capability) == 0) _missing |= capability;
        }
    }
}
