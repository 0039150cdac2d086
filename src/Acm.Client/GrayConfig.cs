namespace Acm.Client;

/// <summary>A gray release of a configuration, with the clients that receive it.</summary>
public sealed class GrayConfig
{
    /// <summary>Gets the released configuration.</summary>
    public required AcmConfig Config { get; init; }

    /// <summary>Gets the IP addresses of the clients that receive the beta release; empty for a tag.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>Gets the tag that clients send; null for the beta release.</summary>
    public string? Tag { get; init; }
}
