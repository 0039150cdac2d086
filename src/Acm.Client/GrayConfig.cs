namespace Acm.Client;

/// <summary>A gray version of a configuration, with the clients that get it.</summary>
public sealed class GrayConfig
{
    /// <summary>The version.</summary>
    public required AcmConfig Config { get; init; }

    /// <summary>IP addresses of the clients that get the beta version; empty for a tag.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>The tag that clients ask with; null for the beta version.</summary>
    public string? Tag { get; init; }
}
