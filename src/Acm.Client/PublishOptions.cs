namespace Acm.Client;

/// <summary>Conditions and extras of a publish.</summary>
public sealed class PublishOptions
{
    /// <summary>
    /// Publish only if the server's content still has this MD5 (lower-case hex, of the bytes on the wire); else
    /// <see cref="AcmErrorKind.Conflict"/>. The value is read and compared before it is sent, and the server is asked to compare again as it
    /// stores: one that does not know the condition leaves a small window between the two.
    /// </summary>
    public string? IfMatch { get; init; }

    /// <summary>Publish only if there is no such configuration yet; else <see cref="AcmErrorKind.ConfigExists"/>. As for <see cref="IfMatch"/>, checked here and asked of the server.</summary>
    public bool CreateOnly { get; init; }

    /// <summary>Application name stored with the configuration; null for the client's own.</summary>
    public string? AppName { get; init; }
}
