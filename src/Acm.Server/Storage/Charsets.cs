using System.Text;

namespace Acm.Server.Storage;

/// <summary>The two encodings of content, and how text comes out of bytes.</summary>
internal static class Charsets
{
    public const string Gbk = "GBK";
    public const string Utf8 = "UTF-8";

    private const int GbkCodePage = 936;
    private const char MadeFromInvalidByte = '\uF8F5';
    private static readonly Encoding StrictGbk = CreateGbk(EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
    private static readonly Encoding LenientGbk = CreateGbk(EncoderFallback.ReplacementFallback, DecoderFallback.ReplacementFallback);
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text of names and labels: peers send them in UTF-8 or in GBK, and nothing says which.</summary>
    public static string DecodeName(ReadOnlySpan<byte> bytes)
    {
        if (Ascii.IsValid(bytes)) return Encoding.ASCII.GetString(bytes);

        return System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : LenientGbk.GetString(bytes);
    }

    /// <summary>The text of content, or null where the bytes are not what the charset says and would not survive the way back.</summary>
    public static string? TryDecodeContent(byte[] content, string charset)
    {
        if (Ascii.IsValid(content)) return Encoding.ASCII.GetString(content);

        Encoding encoding = charset == Utf8 ? StrictUtf8 : StrictGbk;
        try
        {
            string text = encoding.GetString(content);

            // Code page 936 takes the invalid byte FF for a private character and back, even when strict.
            bool isText = charset == Utf8 || !text.Contains(MadeFromInvalidByte, StringComparison.Ordinal);
            return isText && encoding.GetBytes(text).AsSpan().SequenceEqual(content) ? text : null;
        }
        catch (ArgumentException e) when (e is DecoderFallbackException or EncoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>Null, empty or white space only, which the protocol refuses to store.</summary>
    public static bool IsBlank(ReadOnlySpan<byte> content, string charset)
    {
        ReadOnlySpan<byte> rest = content.TrimStart(" \t\r\n\f\v"u8);
        if (rest.IsEmpty) return true;
        if (rest[0] < 0x80) return false;

        // The ideographic space is white space too.
        Encoding encoding = charset == Utf8 ? Encoding.UTF8 : LenientGbk;
        return string.IsNullOrWhiteSpace(encoding.GetString(rest));
    }

    private static Encoding CreateGbk(EncoderFallback encoderFallback, DecoderFallback decoderFallback) =>
        CodePagesEncodingProvider.Instance.GetEncoding(GbkCodePage, encoderFallback, decoderFallback)
            ?? throw new PlatformNotSupportedException("This .NET runtime has no code page 936 (GBK).");
}
