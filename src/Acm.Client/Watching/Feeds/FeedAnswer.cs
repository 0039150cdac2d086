using Acm.Client.Calls;

namespace Acm.Client.Watching.Feeds;

/// <summary>What one wait for changes brought.</summary>
/// <param name="Changed">The keys whose value on the servers is not the one that the client has. May name keys that nobody asked about.</param>
internal sealed record FeedAnswer(IReadOnlyList<ConfigKey> Changed)
{
    /// <summary>A server may ask for a pause, but not for one so long that changes are missed for good.</summary>
    private static readonly TimeSpan LongestAskedPause = TimeSpan.FromMinutes(5);

    /// <summary>The places of the keys that were asked about for the first time. Those that are not among <see cref="Changed"/> are as the client has them.</summary>
    public IReadOnlyCollection<int> Checked { get; init; } = [];

    /// <summary>The keys that a server told of although their content is the same. Their metadata may have changed.</summary>
    public IReadOnlyCollection<ConfigKey> Touched { get; init; } = [];

    /// <summary>Why the servers could not be asked; null where they answered.</summary>
    public Exception? Error { get; init; }

    /// <summary>What was wrong with an answer, so that there is a pause although the servers answered; null for nothing.</summary>
    public string? Oddity { get; init; }

    /// <summary>How long to leave the servers alone. Zero with an <see cref="Error"/>: another server may be asked at once.</summary>
    public TimeSpan Pause { get; init; }

    /// <summary>Whether another feed has to take over: the servers lack what this one needs, or may have what a better one needs.</summary>
    public bool IsOver { get; init; }

    /// <summary>The servers could not be asked.</summary>
    /// <param name="error">Why.</param>
    /// <param name="failures">How often in a row: 1 or more.</param>
    /// <param name="random">A number from 0 to 1.</param>
    public static FeedAnswer Failed(Exception error, int failures, double random)
    {
        TimeSpan pause = BackOff.After(failures, random);
        if (error is AcmException { RetryAfter: { } asked } && asked > pause) pause = asked < LongestAskedPause ? asked : LongestAskedPause;
        return new FeedAnswer([]) { Error = error, Pause = pause };
    }
}
