namespace Acm.Client;

/// <summary>The capabilities of the connected servers, as far as they are known.</summary>
public sealed class AcmCapabilities
{
    /// <summary>Gets the protocol: <c>ACM</c> or <c>Nacos</c>; <c>Auto</c> until it has been detected.</summary>
    public required string Protocol { get; init; }

    /// <summary>Gets the version that a server reported; null until one was asked. ACM servers do not report a version.</summary>
    public string? ServerVersion { get; init; }

    /// <summary>Gets the generation of Nacos, which determines the API: <c>1</c>, <c>2</c>, <c>3</c>, or <c>3.2</c> from version 3.2 on; null while unknown, and for ACM.</summary>
    public string? Generation { get; init; }

    /// <summary>Gets whether servers support compare-and-swap publishing; null while unknown, and for ACM, whose servers do not report it.</summary>
    public bool? ConditionalPublish { get; init; }

    /// <summary>Gets whether servers store type, tags and description; null while unknown.</summary>
    public bool? Metadata { get; init; }

    /// <summary>Gets whether several keys can be read in one request; null until tried.</summary>
    public required bool? BatchGet { get; init; }

    /// <summary>Gets whether servers support long polling; null until tried. Without it, watched keys are compared at an interval.</summary>
    public required bool? LongPoll { get; init; }

    /// <summary>Gets the maximum number of keys in one batch.</summary>
    public required int MaxBatchSize { get; init; }
}
