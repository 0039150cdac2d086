using System.Globalization;

namespace Acm.Client.Text;

/// <summary>Durations in messages and logs, which read the same on every machine.</summary>
internal static class DurationText
{
    /// <summary>A limit, to the millisecond where it has any: <c>3 s</c>, <c>0.05 s</c>.</summary>
    public static string AsLimit(this TimeSpan duration) => duration.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) + " s";

    /// <summary>A pause, to the tenth of a second: <c>1.0 s</c>.</summary>
    public static string AsPause(this TimeSpan duration) => duration.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s";
}
