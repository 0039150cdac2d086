using System.Globalization;

namespace Acm.Server.Polling;

/// <summary>Computes how long a poll is held: slightly less than its client waits, and never so short that the client polls constantly.</summary>
internal static class HoldTime
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);
    private static readonly TimeSpan EarlierBy = TimeSpan.FromMilliseconds(500);

    /// <summary>Parses the time that a client requests; rejects NaN and infinity, which the parser accepts.</summary>
    public static bool TryParse(string wish, out double milliseconds) =>
        double.TryParse(wish, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out milliseconds) && double.IsFinite(milliseconds);

    public static TimeSpan Of(double milliseconds)
    {
        var wish = TimeSpan.FromMilliseconds(Math.Clamp(milliseconds, 0, Longest.TotalMilliseconds)) - EarlierBy;
        return wish < Shortest ? Shortest : wish;
    }
}
