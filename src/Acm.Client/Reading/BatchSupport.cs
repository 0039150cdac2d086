namespace Acm.Client.Reading;

/// <summary>
/// Whether this session's servers have batch get: null until it was tried. A server that has not answers so once, and is not asked again. Where it has worked, an answer that is none is
/// the fault of what was asked for, or of the moment.
/// </summary>
internal sealed class BatchSupport
{
    private object? _isSupported;

    public bool? IsSupported => (bool?)Volatile.Read(ref _isSupported);

    /// <summary>Notes what a batch showed. What the first one showed stays, whatever another one may.</summary>
    public void Note(bool worked) => Interlocked.CompareExchange(ref _isSupported, worked, null);
}
