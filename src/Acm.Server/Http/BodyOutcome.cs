namespace Acm.Server.Http;

/// <summary>The outcome of reading a request's body.</summary>
internal enum BodyOutcome
{
    Read,

    /// <summary>The body has more bytes than the route allows.</summary>
    TooLarge,

    /// <summary>The form has too many fields.</summary>
    TooManyFields,
}
