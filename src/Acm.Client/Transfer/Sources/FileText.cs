using Acm.Client.Text;

namespace Acm.Client.Transfer.Sources;

/// <summary>The text of a file that is to be a configuration: UTF-8 and nothing else, because a guess that is wrong would be published.</summary>
internal static class FileText
{
    /// <summary>The text, without a leading byte order mark.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="text">The text; empty if it is none.</param>
    /// <param name="problem">Why it is none, as the rest of a sentence that begins with the file; empty if it is one.</param>
    public static bool TryDecode(byte[] bytes, out string text, out string problem)
    {
        text = problem = "";
        if (LooksLikeUtf16(bytes))
        {
            problem = "is UTF-16 or UTF-32, not UTF-8.";
            return false;
        }

        byte[] content = StrictUtf8.WithoutByteOrderMark(bytes);
        if (StrictUtf8.TryGetString(content) is { } decoded)
        {
            text = decoded;
            return true;
        }

        problem = $"is no UTF-8: {FirstInvalid(content)} begins no character." + (GbkText.TryDecode(content, out _, out _) ? " It may be GBK." : "");
        return false;
    }

    // As PowerShell 5.1 redirects output. It may be valid UTF-8 by accident, with a NUL in every other place.
    private static bool LooksLikeUtf16(byte[] bytes) =>
        bytes.Length >= 2 && ((bytes[0] == 0xFF && bytes[1] == 0xFE) || (bytes[0] == 0xFE && bytes[1] == 0xFF) || (bytes.Length >= 4 && bytes[0] == 0 && bytes[1] == 0));

    private static string FirstInvalid(byte[] bytes)
    {
        int offset = StrictUtf8.FirstInvalid(bytes);
        int line = 1 + bytes.AsSpan(0, offset).ToArray().Count(b => b == '\n');
        return $"the byte 0x{bytes[offset]:X2} at offset {offset} (line {line})";
    }
}
