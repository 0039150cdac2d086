namespace Acm.Client.Protocol;

/// <summary>What became of content whose publish was refused by its condition.</summary>
internal enum RefusedContent
{
    /// <summary>Nothing: these servers serve what they store.</summary>
    Dropped,

    /// <summary>These servers may serve it to readers, although they did not store it.</summary>
    MayBeServed,

    /// <summary>Readers are served it, although it is not stored.</summary>
    Served,

    /// <summary>Readers were served something else than what is stored, which was published once more.</summary>
    Repaired,
}
