namespace Acm.Client.Watching;

/// <summary>Something that went wrong, and when.</summary>
/// <param name="At">When.</param>
/// <param name="Message">What, for people.</param>
/// <param name="Kind">What kind of failure it was of asking a server; null for all else.</param>
internal sealed record WatchFailure(DateTimeOffset At, string Message, AcmErrorKind? Kind = null)
{
    /// <summary>Whether a snapshot may stand in for what could not be read.</summary>
    public bool MayStandIn { get; init; }

    public static WatchFailure? Newer(WatchFailure? one, WatchFailure? other) => one is null || (other is not null && other.At > one.At) ? other : one;
}
