namespace Acm.Client.Calls;

/// <summary>How long to wait before what failed is tried again: 1 s to 30 s, growing, with a random part so that many clients do not come back at once.</summary>
internal static class BackOff
{
    private const int Doublings = 5;
    private const double LongestSeconds = 30;

    /// <param name="failures">How often it failed in a row: 1 or more.</param>
    /// <param name="random">A number from 0 to 1.</param>
    public static TimeSpan After(int failures, double random)
    {
        double shortest = Math.Min(Math.Pow(2, Math.Min(failures - 1, Doublings)), LongestSeconds / 2);
        double longest = Math.Min(2 * shortest, LongestSeconds);
        return TimeSpan.FromSeconds(shortest + ((longest - shortest) * random));
    }
}
