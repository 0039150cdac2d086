namespace Acm.Client.Calls;

/// <summary>Generates random numbers from 0 to 1 for jitter and the order of servers. Thread-safe.</summary>
internal static class JitterSource
{
#if NET
    public static double Next() => Random.Shared.NextDouble();
#else
    private static readonly Random Numbers = new();

    public static double Next()
    {
        lock (Numbers) return Numbers.NextDouble();
    }
#endif
}
