namespace Acm.Client.Calls;

/// <summary>Computes retry delays: exponential from 1 s to 30 s, with jitter so that clients do not retry at the same moment.</summary>
internal static class BackOff
{
    private const int Doublings = 5;
    private const double LongestSeconds = 30;

    /// <param name="failures">Number of consecutive failures, at least 1.</param>
    /// <param name="random">A random number from 0 to 1.</param>
    public static TimeSpan After(int failures, double random)
    {
        double shortest = Math.Min(Math.Pow(2, Math.Min(failures - 1, Doublings)), LongestSeconds / 2);
        double longest = Math.Min(2 * shortest, LongestSeconds);
        return TimeSpan.FromSeconds(shortest + ((longest - shortest) * random));
    }
}
