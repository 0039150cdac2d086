namespace Acm.Server.Dialects.Nacos;

/// <summary>The kind of an error. Each version of the API has its own error format.</summary>
internal enum Fault
{
    /// <summary>A required parameter is missing; the message is its name.</summary>
    MissingParameter,

    /// <summary>A value is invalid.</summary>
    BadValue,

    /// <summary>A tag is invalid; every generation reports this as a client error.</summary>
    BadTag,

    /// <summary>The parameter filter rejects a name.</summary>
    IllegalName,

    /// <summary>A value is not a number, or not a word of the expected list.</summary>
    WrongType,

    /// <summary>A page number or page size is below 1.</summary>
    BadPage,

    /// <summary>A value of a write is too long or invalid.</summary>
    RefusedWrite,

    /// <summary>The expected MD5 does not match the stored one.</summary>
    Conflict,

    /// <summary>The key already has the maximum number of gray versions.</summary>
    TooManyGrays,

    /// <summary>The caller lacks a permission, or the requested item belongs to another configuration.</summary>
    AccessDenied,

    /// <summary>The requested item does not exist.</summary>
    NotFound,

    /// <summary>The content type of the body is unsupported.</summary>
    UnsupportedMediaType,

    /// <summary>The uploaded file is too large.</summary>
    UploadTooLarge,

    /// <summary>The form is too large to be read. Nacos reports its first parameter as missing.</summary>
    FormTooLarge,

    /// <summary>The page or clone would exceed the maximum response size.</summary>
    AnswerTooLarge,

    /// <summary>The body does not match its content type.</summary>
    UnreadableBody,

    /// <summary>The path exists, but not for this method.</summary>
    MethodNotSupported,

    /// <summary>A namespace ID, name or description is invalid.</summary>
    IllegalNamespace,

    /// <summary>The namespace does not exist.</summary>
    NamespaceNotFound,

    /// <summary>The namespace already exists.</summary>
    NamespaceExists,

    /// <summary>A rate limit is exceeded.</summary>
    Throttled,

    /// <summary>Any other failure.</summary>
    ServerError,
}
