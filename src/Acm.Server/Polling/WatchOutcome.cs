namespace Acm.Server.Polling;

internal enum WatchOutcome
{
    Registered,

    /// <summary>The value differs from the client's.</summary>
    Differs,

    /// <summary>The slot was removed from the index in the meantime.</summary>
    SlotDiscarded,
}
