namespace Acm.Client.Protocol;

/// <summary>What the answer to a write lets one conclude. Of a write without an answer nothing is known: that is an error with <see cref="AcmException.OutcomeUnknown"/>.</summary>
internal enum WriteOutcome
{
    /// <summary>It was carried out.</summary>
    Stored,

    /// <summary>The server says so, which is no proof: what is stored tells.</summary>
    Accepted,

    /// <summary>Its condition did not hold, and nothing was changed.</summary>
    Refused,
}
