using System.Text;
using Acm.Client.Text;

namespace Acm.Client.Transfer.Sources;

/// <summary>Decodes files: as UTF-8 or in the specified encoding, without guessing, because a wrong guess would be published.</summary>
internal static class FileText
{
    private const int GbkCodePage = 936;

    /// <summary>Decodes a file, without a leading byte order mark.</summary>
    /// <param name="bytes">The content.</param>
    /// <param name="encoding">The encoding; null for UTF-8.</param>
    /// <param name="text">The text; empty if the bytes are not valid.</param>
    /// <param name="problem">The problem, as the rest of a sentence after the file name; empty on success.</param>
    public static bool TryDecode(byte[] bytes, Encoding? encoding, out string text, out string problem)
    {
        problem = "";
        return encoding is null || encoding.CodePage == Encoding.UTF8.CodePage ? TryDecodeUtf8(bytes, out text, out problem) : TryDecodeAs(encoding, bytes, out text, out problem);
    }

    /// <summary>Returns the advice for a file that cannot be decoded.</summary>
    public static string Advice(byte[] bytes) =>
        IsBinary(bytes) ? "Remove it, or let its name begin with a dot: hidden files are skipped." : "Save it as UTF-8, or specify its encoding.";

    private static bool TryDecodeUtf8(byte[] bytes, out string text, out string problem)
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

        problem = IsBinary(bytes)
            ? "is not a text file."
            : $"is not valid UTF-8: {FirstInvalid(content)} does not begin a character." + (GbkText.TryDecode(content, out _, out _) ? " It may be GBK." : "");
        return false;
    }

    private static bool TryDecodeAs(Encoding encoding, byte[] bytes, out string text, out string problem)
    {
        text = problem = "";
        if (encoding.GetByteCount("a") == 1 && IsBinary(bytes))
        {
            problem = "is not a text file.";
            return false;
        }

        // .NET decodes some bytes that GBK does not define as private-use characters.
        if (encoding.CodePage == GbkCodePage)
        {
            bool isGbk = GbkText.TryDecode(bytes, out text, out string reason);
            problem = isGbk ? "" : $"is not valid GBK. {reason}";
            return isGbk;
        }

        var strict = (Encoding)encoding.Clone();
        strict.DecoderFallback = DecoderFallback.ExceptionFallback;
        try
        {
            string decoded = strict.GetString(bytes);
            text = decoded.Length > 0 && decoded[0] == '\uFEFF' ? decoded.Substring(1) : decoded;
            return true;
        }
        catch (DecoderFallbackException e)
        {
            problem = $"is not valid {encoding.WebName}: the byte at offset {e.Index} does not begin a character.";
            return false;
        }
    }

    // Binary files contain zero bytes, which do not occur in UTF-8 or GBK text.
    private static bool IsBinary(byte[] bytes) => !LooksLikeUtf16(bytes) && Array.IndexOf(bytes, (byte)0) >= 0;

    // Output redirected by PowerShell 5.1. It may be valid UTF-8 with a NUL in every other position.
    private static bool LooksLikeUtf16(byte[] bytes) => bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [0, 0, 0xFE, 0xFF, ..];

    private static string FirstInvalid(byte[] bytes)
    {
        int offset = StrictUtf8.FirstInvalid(bytes);
        int line = 1 + bytes.AsSpan(0, offset).ToArray().Count(b => b == '\n');
        return $"the byte 0x{bytes[offset]:X2} at offset {offset} (line {line})";
    }
}
