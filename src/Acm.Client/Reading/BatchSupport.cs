namespace Acm.Client.Reading;

/// <summary>Whether this session's servers have batch get: null until it was tried. A server that has not answers so once, and is not asked again.</summary>
internal sealed class BatchSupport
{
    private volatile object? _isSupported;

    public bool? IsSupported
    {
        get => (bool?)_isSupported;
        set => _isSupported = value;
    }
}
