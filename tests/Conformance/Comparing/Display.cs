using Acm.Conformance.Json;

namespace Acm.Conformance.Comparing;

/// <summary>Formats values in a report.</summary>
internal static class Display
{
    private const int Width = 70;

    public static string Show(object? value)
    {
        if (value is Words words) return words.Text;

        string text = JsonValue.Write(value);
        return value is string s && s.Contains('"', StringComparison.Ordinal) && !s.Contains('\'', StringComparison.Ordinal)
            ? $"'{text[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal)}'"
            : text;
    }

    /// <summary>Returns both values, truncated around the first difference.</summary>
    public static (string Real, string Ours) Shortened(object? real, object? ours)
    {
        string a = Show(real);
        string b = Show(ours);
        int same = a.AsSpan().CommonPrefixLength(b);
        int start = same > Width / 2 && Math.Max(a.Length, b.Length) > Width ? same - 20 : 0;
        return (Cut(a, start), Cut(b, start));
    }

    private static string Cut(string text, int start)
    {
        string shown = text[Math.Min(start, text.Length)..Math.Min(start + Width, text.Length)];
        return (start > 0 ? "…" : "") + shown + (start + Width < text.Length ? $"… ({text.Length} characters)" : "");
    }
}
