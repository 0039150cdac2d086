namespace Acm.Client.Reading;

/// <summary>Whether this session's servers have batch get: null until it was tried. A server that has not answers so once, and is not asked again.</summary>
internal sealed class BatchSupport
{
    private volatile object? _isSupported;

    public bool? IsSupported => (bool?)_isSupported;

    /// <summary>Notes what a batch showed. Once refused it stays so, whatever another batch on its way at the same time may show.</summary>
    public void Note(bool worked)
    {
        if (!worked) _isSupported = false;
        else if (_isSupported is null) _isSupported = true;
    }
}
