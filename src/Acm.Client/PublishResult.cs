namespace Acm.Client;

/// <summary>The result of a publish.</summary>
public sealed class PublishResult
{
    /// <summary>Gets group and data ID.</summary>
    public required ConfigKey Key { get; init; }

    /// <summary>Gets the configuration as it is now stored.</summary>
    public required AcmConfig Config { get; init; }

    /// <summary>Gets whether the response was lost and reading confirmed the write.</summary>
    public bool ConfirmedByReading { get; init; }
}
