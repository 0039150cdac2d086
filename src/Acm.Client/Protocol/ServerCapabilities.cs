namespace Acm.Client.Protocol;

/// <summary>
/// What the servers of one connection can do: what their dialect never has is missing from the start, all else is unknown until it was tried. What the first try showed stays: later
/// ones fail because of what was asked for, or of the moment. Thread-safe.
/// </summary>
internal sealed class ServerCapabilities
{
    private readonly object _gate = new();
    private readonly Capability _never;
    private Capability _missing;
    private Capability _found;

    /// <param name="missing">What the dialect never has.</param>
    public ServerCapabilities(Capability missing) => _never = _missing = missing;

    /// <summary>Whether the servers have it; null while that is not known.</summary>
    public bool? Has(Capability capability)
    {
        lock (_gate) return (_missing & capability) != 0 ? false : (_found & capability) != 0 ? true : null;
    }

    /// <summary>Notes what a try showed, whatever those before it did.</summary>
    public void NoteLatest(Capability capability, bool isThere)
    {
        lock (_gate)
        {
            _found = isThere ? _found | (capability & ~_never) : _found & ~capability;
            _missing = isThere ? _missing & ~(capability & ~_never) : _missing | capability;
        }
    }

    /// <summary>Notes what a try showed.</summary>
    public void Note(Capability capability, bool isThere)
    {
        lock (_gate)
        {
            if (isThere && (_missing & capability) == 0) _found |= capability;
            if (!isThere && (_found & capability) == 0) _missing |= capability;
        }
    }
}
