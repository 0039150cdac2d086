namespace Acm.Client;

/// <summary>What the connected servers can do, as far as is known by now.</summary>
public sealed class AcmCapabilities
{
    /// <summary>The dialect spoken: <c>ACM</c> or <c>Nacos</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary>Whether several keys can be read at once; null until it was tried.</summary>
    public required bool? BatchGet { get; init; }

    /// <summary>Whether a request can be held until a watched key changes; null until it was tried. Without it, watched keys are compared at an interval.</summary>
    public required bool? LongPoll { get; init; }

    /// <summary>The most keys that one batch asks for.</summary>
    public required int MaxBatchSize { get; init; }
}
