namespace Acm.Server.Dialects.Nacos;

/// <summary>Why a request is refused. Each family of calls says it in its own shape.</summary>
internal enum Fault
{
    /// <summary>A parameter that must be there is not; the text is its name.</summary>
    MissingParameter,

    /// <summary>A value that the call does not take.</summary>
    BadValue,

    /// <summary>A tag that is not allowed, which every generation takes for the caller's fault.</summary>
    BadTag,

    /// <summary>A name that the filter in front of the calls refuses.</summary>
    IllegalName,

    /// <summary>A text where a number or a word of a list should be.</summary>
    WrongType,

    /// <summary>A page that there cannot be.</summary>
    BadPage,

    /// <summary>A value of a write that is too long or not allowed.</summary>
    RefusedWrite,

    /// <summary>The stored MD5 is not the expected one.</summary>
    Conflict,

    /// <summary>A key has as many gray versions as it may have.</summary>
    TooManyGrays,

    /// <summary>What is asked for belongs to something else.</summary>
    AccessDenied,

    /// <summary>There is no such thing.</summary>
    NotFound,

    /// <summary>A body of another type than the call reads.</summary>
    UnsupportedMediaType,

    /// <summary>A file over the limit.</summary>
    UploadTooLarge,

    /// <summary>A form over the limit, none of whose parameters is known. The real servers call the first of them missing.</summary>
    FormTooLarge,

    /// <summary>A page or a clone that would hold more than an answer may.</summary>
    AnswerTooLarge,

    /// <summary>A body that is not what its type says.</summary>
    UnreadableBody,

    /// <summary>The path is there, the method is not.</summary>
    MethodNotSupported,

    /// <summary>A bad namespace id, name or description.</summary>
    IllegalNamespace,

    /// <summary>The namespace is not there.</summary>
    NamespaceNotFound,

    /// <summary>The namespace is there already.</summary>
    NamespaceExists,

    /// <summary>One client asks for one configuration too often.</summary>
    Throttled,

    /// <summary>Anything else that fails.</summary>
    ServerError,
}
