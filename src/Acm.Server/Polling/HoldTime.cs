using System.Globalization;

namespace Acm.Server.Polling;

/// <summary>How long a poll hangs: a little less than its client waits, and never so short that it asks all the time.</summary>
internal static class HoldTime
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);
    private static readonly TimeSpan EarlierBy = TimeSpan.FromMilliseconds(500);

    /// <summary>Reads what a client asks for; NaN and infinity are numbers to the parser, and no times.</summary>
    public static bool TryParse(string wish, out double milliseconds) =>
        double.TryParse(wish, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out milliseconds) && double.IsFinite(milliseconds);

    public static TimeSpan Of(double milliseconds)
    {
        var wish = TimeSpan.FromMilliseconds(Math.Clamp(milliseconds, 0, Longest.TotalMilliseconds)) - EarlierBy;
        return wish < Shortest ? Shortest : wish;
    }
}
