namespace Acm.Client.Protocol;

/// <summary>The result of a write. A write without a response fails with <see cref="AcmException.OutcomeUnknown"/>.</summary>
internal enum WriteOutcome
{
    /// <summary>It was executed.</summary>
    Stored,

    /// <summary>The server reported success, which must be verified by reading.</summary>
    Accepted,

    /// <summary>The precondition failed, and nothing was changed.</summary>
    Refused,
}
