using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Text;
using Acm.Client.Text;

namespace AcmPowerShell;

/// <summary>Formats values for the module's format file. Scripts should use the properties.</summary>
public static class Display
{
    private const int Kilo = 1024;
    private const int MaxText = 1000;
    private const int MinTextWidth = 20;
    private const int WidthWithoutTerminal = 120;

    /// <summary>Returns external text as one line of up to 1,000 characters, without control characters and build agent commands.</summary>
    /// <param name="value">The text, or a value to convert to text. Null returns an empty string.</param>
    public static string Text(object? value) => ForeignText.Clean(value?.ToString(), MaxText);

    /// <summary>Returns external text without control characters and build agent commands. Line breaks are preserved.</summary>
    /// <param name="value">The text, or a value to convert to text. Null returns an empty string.</param>
    public static string Lines(object? value) => ForeignText.CleanLines(value?.ToString());

    /// <summary>Returns a number of bytes with a unit, as in <c>20 B</c> or <c>1.5 KB</c>.</summary>
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
        // A value that rounds to 1024 uses the next unit.
        while (size >= Kilo - 0.5 && unit < 3);
        return size.ToString(size < 9.95 ? "0.0" : "0", CultureInfo.CurrentCulture) + " " + "KMGT"[unit] + "B";
    }

    /// <summary>Returns the age of a time, or its local date if it is more than a day ago. Null returns an empty string.</summary>
    public static string Ago(DateTimeOffset? moment) => Ago(moment, TimeProvider.System);

    /// <summary>Returns a local time with its offset. Null returns an empty string.</summary>
    public static string Time(DateTimeOffset? moment) =>
        moment is { } then ? TimeZoneInfo.ConvertTime(then, TimeZoneInfo.Local).ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture) : "";

    /// <summary>Returns a local time without its offset. Null returns an empty string.</summary>
    public static string Moment(DateTimeOffset? moment) =>
        moment is { } then ? TimeZoneInfo.ConvertTime(then, TimeZoneInfo.Local).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) : "";

    /// <summary>Returns a duration with a unit, as in <c>12 ms</c>, <c>3.4 s</c> or <c>2 min</c>.</summary>
    public static string Duration(TimeSpan duration)
    {
        double seconds = duration.TotalSeconds;
        CultureInfo culture = CultureInfo.CurrentCulture;
        if (seconds < 0.9995) return (seconds * 1000).ToString("0", culture) + " ms";
        if (seconds < 59.5) return seconds.ToString(seconds < 9.95 ? "0.0" : "0", culture) + " s";
        if (seconds < 3570) return Math.Round(seconds / 60).ToString("0", culture) + " min";
        return (seconds / 3600).ToString("0.0", culture) + " h";
    }

    /// <summary>Wraps text between words for the last column of a table. PowerShell would break within words.</summary>
    /// <param name="text">The text.</param>
    /// <param name="host">The host, which has the width of the terminal.</param>
    /// <param name="before">The width of the columns before the text.</param>
    public static string Wrap(string? text, PSHost? host, int before)
    {
        int width = Math.Max(MinTextWidth, Width(host) - before);
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
    /// Returns text in the user's color for errors or warnings. Without <c>$PSStyle</c>, as in Windows PowerShell, it is returned unchanged,
    /// because the color codes would be written to files. If colors are off, PowerShell removes the codes.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="tone"><c>Error</c> or <c>Warning</c>; other values select no color.</param>
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
        // A server's clock can be ahead.
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
