namespace Acm.Server.Polling;

internal enum WatchOutcome
{
    Registered,

    /// <summary>The value is not what the client has.</summary>
    Differs,

    /// <summary>The slot was taken out of the index between finding and using it.</summary>
    SlotDiscarded,
}
