namespace Acm.Client;

/// <summary>A change of a configuration, with the configuration before and after it.</summary>
public sealed class RevisionDetail
{
    /// <summary>The change.</summary>
    public required ConfigRevision Revision { get; init; }

    /// <summary>The configuration before the change; null where there was none, or the history does not hold it any more.</summary>
    public AcmConfig? Before { get; init; }

    /// <summary>The configuration after the change; null where it was removed, or the history does not hold it any more.</summary>
    public AcmConfig? After { get; init; }

    /// <summary>Why a side can't be decrypted; null where both could. The content of such a side is its cipher text.</summary>
    public AcmException? Error { get; init; }
}
