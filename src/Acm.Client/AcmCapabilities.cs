namespace Acm.Client;

/// <summary>What the connected servers can do, as far as is known by now.</summary>
public sealed class AcmCapabilities
{
    /// <summary>The dialect spoken: <c>ACM</c> or <c>Nacos</c>; <c>Auto</c> while no server was asked which one it is.</summary>
    public required string Protocol { get; init; }

    /// <summary>The version that a server told; null while none was asked. Servers of ACM do not tell.</summary>
    public string? ServerVersion { get; init; }

    /// <summary>The generation of Nacos, whose servers take the same calls: <c>1</c>, <c>2</c>, <c>3</c>, or <c>3.2</c> for those from 3.2 on; null while it is not known, and for ACM.</summary>
    public string? Generation { get; init; }

    /// <summary>Whether a server compares the condition of a publish as it stores; null while that is not known, and for ACM, whose servers do not tell.</summary>
    public bool? ConditionalPublish { get; init; }

    /// <summary>Whether type, tags and description are stored beside the content; null while that is not known.</summary>
    public bool? Metadata { get; init; }

    /// <summary>Whether several keys can be read at once; null until it was tried.</summary>
    public required bool? BatchGet { get; init; }

    /// <summary>Whether a request can be held until a watched key changes; null until it was tried. Without it, watched keys are compared at an interval.</summary>
    public required bool? LongPoll { get; init; }

    /// <summary>The most keys that one batch asks for.</summary>
    public required int MaxBatchSize { get; init; }
}
