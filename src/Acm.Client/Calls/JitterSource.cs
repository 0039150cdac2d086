namespace Acm.Client.Calls;

/// <summary>Random numbers from 0 to 1 for pauses and the order of servers; safe from every thread.</summary>
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
