using System.Text;

namespace Acm.Client.Text;

/// <summary>Converts hexadecimal digits and percent-encoded bytes.</summary>
internal static class Hex
{
    private const string UpperDigits = "0123456789ABCDEF";
    private const string LowerDigits = "0123456789abcdef";

    /// <summary>Returns two lower-case digits per byte.</summary>
    public static string Lower(ReadOnlySpan<byte> bytes)
    {
        char[] text = new char[2 * bytes.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            text[2 * i] = LowerDigits[bytes[i] >> 4];
            text[(2 * i) + 1] = LowerDigits[bytes[i] & 15];
        }

        return new string(text);
    }

    /// <summary>Converts an even number of digits to bytes.</summary>
    public static byte[] Read(string digits)
    {
        byte[] bytes = new byte[digits.Length / 2];
        for (int i = 0; i < bytes.Length; i++) bytes[i] = (byte)((Uri.FromHex(digits[2 * i]) << 4) | Uri.FromHex(digits[(2 * i) + 1]));
        return bytes;
    }

    /// <summary>Appends <c>%XX</c>.</summary>
    public static void AppendPercent(StringBuilder text, byte value) => text.Append('%').Append(UpperDigits[value >> 4]).Append(UpperDigits[value & 15]);

    /// <summary>Writes <c>%XX</c> as three bytes.</summary>
    public static void WritePercent(byte[] buffer, int at, byte value)
    {
        buffer[at] = (byte)'%';
        buffer[at + 1] = (byte)UpperDigits[value >> 4];
        buffer[at + 2] = (byte)UpperDigits[value & 15];
    }

    /// <summary>Reads <c>%XX</c> at a position; returns false if it is something else.</summary>
    public static bool TryReadPercent(string text, int at, out byte value)
    {
        value = 0;
        if (at + 2 >= text.Length || text[at] != '%' || !Uri.IsHexDigit(text[at + 1]) || !Uri.IsHexDigit(text[at + 2])) return false;

        value = (byte)((Uri.FromHex(text[at + 1]) << 4) | Uri.FromHex(text[at + 2]));
        return true;
    }
}
