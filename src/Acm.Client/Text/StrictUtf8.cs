using System.Text;

namespace Acm.Client.Text;

/// <summary>Encodes and decodes UTF-8 with exceptions instead of replacement characters.</summary>
internal static class StrictUtf8
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="EncoderFallbackException">The text contains half of a surrogate pair; <see cref="EncoderFallbackException.Index"/> says where.</exception>
    public static byte[] GetBytes(string text) => Utf8.GetBytes(text);

    /// <exception cref="DecoderFallbackException">The bytes are not UTF-8.</exception>
    public static string GetString(byte[] bytes) => Utf8.GetString(bytes);

    /// <summary>Decodes bytes; returns null if they are not UTF-8.</summary>
    public static string? TryGetString(byte[] bytes)
    {
        try
        {
            return Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>Returns the bytes after a leading byte order mark.</summary>
    public static byte[] WithoutByteOrderMark(byte[] bytes) => bytes is [0xEF, 0xBB, 0xBF, ..] ? bytes.AsSpan(3).ToArray() : bytes;

    /// <summary>Returns the offset of the first byte that does not start a valid character.</summary>
    /// <remarks>The index in .NET's exception differs between versions.</remarks>
    public static int FirstInvalid(byte[] bytes)
    {
        Decoder decoder = Utf8.GetDecoder();
        char[] chars = new char[4];
        int offset = 0;
        try
        {
            for (int i = 0; i < bytes.Length; i++)
            {
                if (decoder.GetChars(bytes, i, 1, chars, 0, flush: i == bytes.Length - 1) > 0) offset = i + 1;
            }
        }
        catch (DecoderFallbackException)
        {
            return offset;
        }

        return bytes.Length;
    }
}
