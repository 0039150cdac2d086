namespace Acm.Server.Http;

/// <summary>How reading a request's body ended.</summary>
internal enum BodyOutcome
{
    Read,

    /// <summary>It has more bytes than the route takes.</summary>
    TooLarge,

    /// <summary>It has more fields than any route knows.</summary>
    TooManyFields,
}
