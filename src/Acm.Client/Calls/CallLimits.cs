namespace Acm.Client.Calls;

/// <summary>Computes the time-outs of calls.</summary>
internal static class CallLimits
{
    private static readonly TimeSpan ShortestDefault = TimeSpan.FromSeconds(10);

    /// <summary>Returns the time-outs of a call: those that the operation needs, unless others were specified.</summary>
    /// <param name="options">The client's options.</param>
    /// <param name="call">The options of the call; null for none.</param>
    /// <param name="needed">The time-outs that the operation needs; null for the usual ones.</param>
    public static (TimeSpan Try, TimeSpan Total) Of(AcmClientOptions options, AcmCallOptions? call, Needed? needed)
    {
        TimeSpan tryTimeout = call?.TryTimeout ?? options.TryTimeout;
        bool isDefault = call?.TryTimeout is null && options.TotalTimeout is null && options.TryTimeout == AcmClientOptions.DefaultTryTimeout;
        return isDefault && needed is { } limits ? (limits.Try, limits.Total) : (tryTimeout, Total(options, tryTimeout));
    }

    /// <summary>Returns the total time-out: the option, or else the larger of 10 s and four tries. A call with its own try time-out has time for four tries at least.</summary>
    public static TimeSpan Total(AcmClientOptions options, TimeSpan tryTimeout)
    {
        var fourTries = TimeSpan.FromTicks(4 * tryTimeout.Ticks);
        if (options.TotalTimeout is { } total) return tryTimeout == options.TryTimeout || total > fourTries ? total : fourTries;
        return fourTries > ShortestDefault ? fourTries : ShortestDefault;
    }

    /// <summary>The time-outs that an operation needs.</summary>
    /// <param name="Try">Time-out of one try.</param>
    /// <param name="Total">Total time-out.</param>
    public readonly record struct Needed(TimeSpan Try, TimeSpan Total);
}
