namespace Acm.Client;

/// <summary>A change in the history, with the configuration before and after it.</summary>
public sealed class RevisionDetail
{
    /// <summary>Gets the change.</summary>
    public required ConfigRevision Revision { get; init; }

    /// <summary>Gets the configuration before the change; null if it did not exist, or the history no longer contains it.</summary>
    public AcmConfig? Before { get; init; }

    /// <summary>Gets the configuration after the change; null if it was removed, or the history no longer contains it.</summary>
    public AcmConfig? After { get; init; }

    /// <summary>Gets why a side could not be decrypted; null if both were. The content of such a side is its cipher text.</summary>
    public AcmException? Error { get; init; }
}
