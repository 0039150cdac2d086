namespace Acm.Client.Calls;

/// <summary>How long a call may take in all.</summary>
internal static class CallLimits
{
    private static readonly TimeSpan ShortestDefault = TimeSpan.FromSeconds(10);

    /// <summary>The option, or else the larger of 10 s and four tries; never less than four tries of a call that has a limit of its own.</summary>
    public static TimeSpan Total(AcmClientOptions options, TimeSpan tryTimeout)
    {
        var fourTries = TimeSpan.FromTicks(4 * tryTimeout.Ticks);
        if (options.TotalTimeout is { } total) return tryTimeout == options.TryTimeout || total > fourTries ? total : fourTries;
        return fourTries > ShortestDefault ? fourTries : ShortestDefault;
    }
}
