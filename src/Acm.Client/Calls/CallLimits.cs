namespace Acm.Client.Calls;

/// <summary>How long a call may take in all.</summary>
internal static class CallLimits
{
    private static readonly TimeSpan ShortestDefault = TimeSpan.FromSeconds(10);

    /// <summary>The limits of a call: those that it needs where nothing else was asked for.</summary>
    /// <param name="options">The client's options.</param>
    /// <param name="call">What differs in the call.</param>
    /// <param name="needed">What the operation needs; null for the usual limits.</param>
    public static (TimeSpan Try, TimeSpan Total) Of(AcmClientOptions options, AcmCallOptions? call, Needed? needed)
    {
        TimeSpan tryTimeout = call?.TryTimeout ?? options.TryTimeout;
        bool isDefault = call?.TryTimeout is null && options.TotalTimeout is null && options.TryTimeout == AcmClientOptions.DefaultTryTimeout;
        return isDefault && needed is { } limits ? (limits.Try, limits.Total) : (tryTimeout, Total(options, tryTimeout));
    }

    /// <summary>The option, or else the larger of 10 s and four tries; never less than four tries of a call that has a limit of its own.</summary>
    public static TimeSpan Total(AcmClientOptions options, TimeSpan tryTimeout)
    {
        var fourTries = TimeSpan.FromTicks(4 * tryTimeout.Ticks);
        if (options.TotalTimeout is { } total) return tryTimeout == options.TryTimeout || total > fourTries ? total : fourTries;
        return fourTries > ShortestDefault ? fourTries : ShortestDefault;
    }

    /// <summary>The limits that an operation needs.</summary>
    /// <param name="Try">Of one try.</param>
    /// <param name="Total">Of all tries.</param>
    public readonly record struct Needed(TimeSpan Try, TimeSpan Total);
}
