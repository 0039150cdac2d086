namespace Acm.Client;

/// <summary>What was published.</summary>
public sealed class PublishResult
{
    /// <summary>Group and data id.</summary>
    public required ConfigKey Key { get; init; }

    /// <summary>The configuration as the server holds it now.</summary>
    public required AcmConfig Config { get; init; }

    /// <summary>True where the answer was lost and reading back showed that the write had been done.</summary>
    public bool ConfirmedByReading { get; init; }
}
