namespace Acm.Client.Protocol;

/// <summary>What happened to content whose publish was rejected by its precondition.</summary>
internal enum RefusedContent
{
    /// <summary>It was discarded: these servers serve what they store.</summary>
    Dropped,

    /// <summary>It may be served to readers, although it is not stored.</summary>
    MayBeServed,

    /// <summary>It is served to readers, although it is not stored.</summary>
    Served,

    /// <summary>Readers were served another value than the stored one, which was published again.</summary>
    Repaired,
}
