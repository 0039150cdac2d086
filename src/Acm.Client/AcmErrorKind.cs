namespace Acm.Client;

/// <summary>What went wrong, in the terms a caller acts on. PowerShell error ids are <c>Acm</c> followed by one of these names.</summary>
public enum AcmErrorKind
{
    /// <summary>The server answered that there is no such configuration.</summary>
    ConfigNotFound,

    /// <summary>The server refused the access key's right to this key (HTTP 403).</summary>
    AccessDenied,

    /// <summary>The credentials themselves were refused (HTTP 401), or their source yields none.</summary>
    AuthenticationFailed,

    /// <summary>No server could be reached, or each answered with an error of its own.</summary>
    ServerUnavailable,

    /// <summary>No server answered in time.</summary>
    Timeout,

    /// <summary>There is no connection to work on.</summary>
    NotConnected,

    /// <summary>A stored profile is damaged or incomplete.</summary>
    InvalidProfile,

    /// <summary>A server's answer is not what the protocol allows, or does not match its own checksum.</summary>
    InvalidResponse,

    /// <summary>A local file could not be written.</summary>
    StorageFailed,

    /// <summary>The value on the server is not the one that the write was conditional on.</summary>
    Conflict,

    /// <summary>The configuration exists already, and the write was to create it only.</summary>
    ConfigExists,

    /// <summary>A data id, group or namespace that the protocol does not allow.</summary>
    InvalidKey,

    /// <summary>Content that can't be encoded for the wire, or decoded from it.</summary>
    InvalidContent,

    /// <summary>The content is larger than the server takes.</summary>
    ContentTooLarge,

    /// <summary>The server throttled the request.</summary>
    Throttled,

    /// <summary>This server lacks what was asked of it.</summary>
    CapabilityMissing,

    /// <summary>An encrypted configuration could not be decrypted, or one to be published not encrypted: KMS refused, or the cipher text is none.</summary>
    DecryptFailed,

    /// <summary>The server's TLS certificate is not to be trusted.</summary>
    UntrustedServer,

    /// <summary>The stand-alone server could not be started.</summary>
    ServerStartFailed,
}
