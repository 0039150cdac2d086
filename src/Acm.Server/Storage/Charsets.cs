using System.Text;

namespace Acm.Server.Storage;

/// <summary>The charsets of contents and names.</summary>
internal static class Charsets
{
    public const string Gbk = "GBK";
    public const string Utf8 = "UTF-8";

    /// <summary>UTF-8, published as text instead of bytes: each dialect reads it in its own charset.</summary>
    public const string Text = "TEXT";

    private const int GbkCodePage = 936;
    private const int PartLength = 1024;
    private const char MadeFromInvalidByte = '\uF8F5';
    private static readonly Encoding StrictGbk = CreateGbk(EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
    private static readonly Encoding LenientGbk = CreateGbk(EncoderFallback.ReplacementFallback, DecoderFallback.ReplacementFallback);
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Decodes a name, which clients send in UTF-8 or GBK without declaring the charset.</summary>
    public static string DecodeName(ReadOnlySpan<byte> bytes)
    {
        if (Ascii.IsValid(bytes)) return Encoding.ASCII.GetString(bytes);

        return System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : LenientGbk.GetString(bytes);
    }

    /// <summary>Decodes a content; returns null if it is invalid in the charset, or would not round-trip.</summary>
    public static string? TryDecodeContent(byte[] content, string charset)
    {
        if (Ascii.IsValid(content)) return Encoding.ASCII.GetString(content);

        Encoding encoding = charset == Gbk ? StrictGbk : StrictUtf8;
        try
        {
            string text = encoding.GetString(content);

            // Code page 936 maps the invalid byte FF to a private-use character and back, even with exception fallbacks.
            bool isText = charset != Gbk || !text.Contains(MadeFromInvalidByte, StringComparison.Ordinal);
            return isText && encoding.GetBytes(text).AsSpan().SequenceEqual(content) ? text : null;
        }
        catch (ArgumentException e) when (e is DecoderFallbackException or EncoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>Converts a content to another charset; returns null if that cannot represent it, or if the content is not valid text.</summary>
    public static byte[]? TryConvert(byte[] content, string charset, string wanted)
    {
        if (Ascii.IsValid(content) || (charset == Gbk) == (wanted == Gbk)) return content;
        if (TryDecodeContent(content, charset) is not { } text) return null;
        if (wanted != Gbk) return StrictUtf8.GetBytes(text);

        try
        {
            byte[] bytes = StrictGbk.GetBytes(text);
            return StrictGbk.GetString(bytes) == text ? bytes : null;
        }
        catch (EncoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>Decodes a content with replacement characters for invalid bytes.</summary>
    public static string DecodeLeniently(byte[] content, string charset) => (charset == Gbk ? LenientGbk : Encoding.UTF8).GetString(content);

    /// <summary>Returns whether <see cref="TryDecodeContent"/> would succeed, without allocating the text.</summary>
    public static bool IsText(ReadOnlySpan<byte> content, string charset)
    {
        if (charset != Gbk) return System.Text.Unicode.Utf8.IsValid(content);
        if (Ascii.IsValid(content)) return true;

        Decoder decoder = StrictGbk.GetDecoder();
        Span<char> part = stackalloc char[PartLength];
        Span<byte> again = stackalloc byte[PartLength * 2];
        ReadOnlySpan<byte> left = content;
        int compared = 0;
        try
        {
            bool isWhole;
            do
            {
                decoder.Convert(left, part, flush: true, out int bytes, out int length, out isWhole);
                left = left[bytes..];
                int encoded = StrictGbk.GetBytes(part[..length], again);
                if (part[..length].Contains(MadeFromInvalidByte) || !content[compared..].StartsWith(again[..encoded])) return false;

                compared += encoded;
            }
            while (!isWhole);
        }
        catch (ArgumentException e) when (e is DecoderFallbackException or EncoderFallbackException)
        {
            return false;
        }

        return compared == content.Length;
    }

    /// <summary>Returns a decoder for content that is known to be valid text.</summary>
    public static Decoder Decoder(string charset) => (charset == Gbk ? StrictGbk : StrictUtf8).GetDecoder();

    /// <summary>Returns whether a content is empty or white space, which the ACM protocol does not store.</summary>
    public static bool IsBlank(ReadOnlySpan<byte> content, string charset)
    {
        ReadOnlySpan<byte> rest = content.TrimStart(" \t\r\n\f\v"u8);
        if (rest.IsEmpty) return true;
        if (rest[0] < 0x80) return false;

        // White space outside ASCII, such as the ideographic space.
        Encoding encoding = charset == Gbk ? LenientGbk : Encoding.UTF8;
        return string.IsNullOrWhiteSpace(encoding.GetString(rest));
    }

    private static Encoding CreateGbk(EncoderFallback encoderFallback, DecoderFallback decoderFallback) =>
        CodePagesEncodingProvider.Instance.GetEncoding(GbkCodePage, encoderFallback, decoderFallback)
            ?? throw new PlatformNotSupportedException("This .NET runtime has no code page 936 (GBK).");
}
