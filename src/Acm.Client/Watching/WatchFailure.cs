namespace Acm.Client.Watching;

/// <summary>A failure and its time.</summary>
/// <param name="At">The time.</param>
/// <param name="Message">The message.</param>
/// <param name="Kind">The kind of a failed request; null for other failures.</param>
internal sealed record WatchFailure(DateTimeOffset At, string Message, AcmErrorKind? Kind = null)
{
    /// <summary>Gets whether a snapshot may be used after this failure.</summary>
    public bool MayStandIn { get; init; }

    public static WatchFailure? Newer(WatchFailure? one, WatchFailure? other) => one is null || (other is not null && other.At > one.At) ? other : one;
}
