namespace Acm.Client;

/// <summary>The kind of a failure. PowerShell error IDs are <c>Acm</c> followed by one of these names.</summary>
public enum AcmErrorKind
{
    /// <summary>The configuration does not exist.</summary>
    ConfigNotFound,

    /// <summary>The access key or user lacks permission (HTTP 403).</summary>
    AccessDenied,

    /// <summary>The credentials were rejected (HTTP 401), or their source provides none.</summary>
    AuthenticationFailed,

    /// <summary>No server is reachable, or all of them failed.</summary>
    ServerUnavailable,

    /// <summary>No server answered within the time-out.</summary>
    Timeout,

    /// <summary>There is no connection, or it was closed.</summary>
    NotConnected,

    /// <summary>A stored profile is corrupted or incomplete.</summary>
    InvalidProfile,

    /// <summary>A response violates the protocol or does not match its checksum.</summary>
    InvalidResponse,

    /// <summary>A local file could not be written.</summary>
    StorageFailed,

    /// <summary>The precondition of a write failed: the value on the server is another one.</summary>
    Conflict,

    /// <summary>The configuration already exists, and only creating it was requested.</summary>
    ConfigExists,

    /// <summary>A data ID, group or namespace is not valid.</summary>
    InvalidKey,

    /// <summary>The content cannot be encoded or decoded.</summary>
    InvalidContent,

    /// <summary>The content exceeds the server's size limit.</summary>
    ContentTooLarge,

    /// <summary>The server throttled the request.</summary>
    Throttled,

    /// <summary>The server does not support the operation.</summary>
    CapabilityMissing,

    /// <summary>Encryption or decryption failed: KMS rejected the request, or the cipher text is invalid.</summary>
    DecryptFailed,

    /// <summary>The server's TLS certificate is not trusted.</summary>
    UntrustedServer,

    /// <summary>The stand-alone server could not be started.</summary>
    ServerStartFailed,
}
