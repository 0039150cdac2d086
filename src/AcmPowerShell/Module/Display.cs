using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Text;
using Acm.Client.Text;

namespace AcmPowerShell;

/// <summary>What the module's views show in place of raw values. For the format file; scripts take the properties themselves.</summary>
public static class Display
{
    private const int Kilo = 1024;
    private const int MaxText = 1000;
    private const int NarrowestText = 20;
    private const int WidthWithoutTerminal = 120;

    /// <summary>Text of a server, a file or an archive on one line that a terminal only shows and no build agent runs. A name stays whole, up to 1,000 characters.</summary>
    /// <param name="value">The text, or a value whose text it is; null is empty.</param>
    public static string Text(object? value) => ForeignText.Clean(value?.ToString(), MaxText);

    /// <summary>Text of several lines that a terminal only shows and no build agent runs.</summary>
    /// <param name="value">The text, or a value whose text it is; null is empty.</param>
    public static string Lines(object? value) => ForeignText.CleanLines(value?.ToString());

    /// <summary>A number of bytes in the unit that leaves the fewest digits: <c>20 B</c>, <c>1.5 KB</c>.</summary>
    public static string Size(long bytes)
    {
        if (bytes < Kilo) return bytes.ToString(CultureInfo.CurrentCulture) + " B";

        double size = bytes;
        int unit = -1;
        do
        {
            size /= Kilo;
            unit++;
        }
        // What would be rounded to 1024 of a unit is one of the next.
        while (size >= Kilo - 0.5 && unit < 3);
        return size.ToString(size < 9.95 ? "0.0" : "0", CultureInfo.CurrentCulture) + " " + "KMGT"[unit] + "B";
    }

    /// <summary>How long ago a moment was; of more than a day, its local date. Empty for null.</summary>
    public static string Ago(DateTimeOffset? moment) => Ago(moment, TimeProvider.System);

    /// <summary>A moment in full, in local time with its offset. Empty for null.</summary>
    public static string Time(DateTimeOffset? moment) =>
        moment is { } then ? TimeZoneInfo.ConvertTime(then, TimeZoneInfo.Local).ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture) : "";

    /// <summary>A moment in local time, to the second. Empty for null.</summary>
    public static string Moment(DateTimeOffset? moment) =>
        moment is { } then ? TimeZoneInfo.ConvertTime(then, TimeZoneInfo.Local).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) : "";

    /// <summary>A duration in the unit that people would say it in: <c>12 ms</c>, <c>3.4 s</c>, <c>2 min</c>.</summary>
    public static string Duration(TimeSpan duration)
    {
        double seconds = duration.TotalSeconds;
        CultureInfo culture = CultureInfo.CurrentCulture;
        if (seconds < 0.9995) return (seconds * 1000).ToString("0", culture) + " ms";
        if (seconds < 59.5) return seconds.ToString(seconds < 9.95 ? "0.0" : "0", culture) + " s";
        if (seconds < 3570) return Math.Round(seconds / 60).ToString("0", culture) + " min";
        return (seconds / 3600).ToString("0.0", culture) + " h";
    }

    /// <summary>Breaks text between words for the last column of a table; the engine would break within them.</summary>
    /// <param name="text">The text.</param>
    /// <param name="host">The host, for the width of its terminal.</param>
    /// <param name="before">Columns that are taken before the text.</param>
    public static string Wrap(string? text, PSHost? host, int before)
    {
        int width = Math.Max(NarrowestText, Width(host) - before);
        if (text is null || text.Length <= width) return text ?? "";

        var wrapped = new StringBuilder();
        int column = 0;
        foreach (string word in text.Split(' '))
        {
            if (column > 0)
            {
                bool fits = column + 1 + word.Length <= width;
                wrapped.Append(fits ? ' ' : '\n');
                column = fits ? column + 1 : 0;
            }

            wrapped.Append(word);
            column += word.Length;
        }

        return wrapped.ToString();
    }

    /// <summary>
    /// Text in the colour that the user's style has for it: that of an error, of a warning, or none. Without <c>$PSStyle</c>, as in Windows PowerShell,
    /// it stays as it is: there the codes would reach files as well. Where colour is off, the engine takes the codes out.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="tone"><c>Error</c>, <c>Warning</c>, or anything else for none.</param>
    /// <param name="style">The value of <c>$PSStyle</c>, or null.</param>
    public static string Tone(object? text, string? tone, object? style)
    {
        string plain = text?.ToString() ?? "";
        if (style is null || tone is not ("Error" or "Warning") || plain.Length == 0) return plain;

        PSObject formatting = PSObject.AsPSObject(PSObject.AsPSObject(style).Properties["Formatting"]?.Value ?? style);
        return formatting.Properties[tone]?.Value is string { Length: > 0 } colour
            ? colour + plain + PSObject.AsPSObject(style).Properties["Reset"]?.Value
            : plain;
    }

    internal static string Ago(DateTimeOffset? moment, TimeProvider clock)
    {
        if (moment is not { } then) return "";

        TimeSpan age = clock.GetUtcNow() - then;
        // A server's clock may be ahead of ours.
        if (age < TimeSpan.FromMinutes(-1) || age >= TimeSpan.FromDays(1))
            return TimeZoneInfo.ConvertTime(then, clock.LocalTimeZone).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        if (age < TimeSpan.FromSeconds(45)) return "just now";
        return age < TimeSpan.FromMinutes(59.5)
            ? Math.Max(1, Math.Round(age.TotalMinutes)).ToString("0", CultureInfo.InvariantCulture) + " min ago"
            : Math.Round(age.TotalHours).ToString("0", CultureInfo.InvariantCulture) + " h ago";
    }

    private static int Width(PSHost? host)
    {
        try
        {
            return host?.UI?.RawUI?.BufferSize.Width is { } width and > 0 ? width : WidthWithoutTerminal;
        }
        catch (Exception e) when (e is HostException or NotImplementedException or NotSupportedException or PSNotImplementedException)
        {
            return WidthWithoutTerminal;
        }
    }
}
