using System.Globalization;

namespace Acm.Client.Text;

/// <summary>Formats durations in messages and logs, independent of the culture.</summary>
internal static class DurationText
{
    /// <summary>Formats a time-out with up to three decimals: <c>3 s</c>, <c>0.05 s</c>.</summary>
    public static string AsLimit(this TimeSpan duration) => duration.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) + " s";

    /// <summary>Formats a delay with one decimal: <c>1.0 s</c>.</summary>
    public static string AsPause(this TimeSpan duration) => duration.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s";
}
