using System.Buffers;
using System.Globalization;
using System.Text;

namespace Acm.Client.Text;

/// <summary>
/// Encodes and decodes GBK, the charset of the ACM protocol, without replacement characters in either direction.
/// </summary>
internal static class GbkText
{
    public const char EuroSign = '\u20AC';
    private const char FirstPrivateUse = '\uE000';
    private const char LastPrivateUse = '\uF8FF';

    // The provider is not registered, which would change Encoding.GetEncoding for the whole process.
    private static readonly Encoding Gbk = CodePagesEncodingProvider.Instance.GetEncoding(
        936, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;

    /// <summary>Encodes a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="allowEuroSign">Whether to accept the euro sign, which .NET encodes as 80 and Java as A2 E3.</param>
    /// <param name="refused">The index of the first character that cannot be encoded; -1 if there is none.</param>
    /// <returns>The bytes; null if a character cannot be encoded.</returns>
    public static byte[]? Encode(string text, bool allowEuroSign, out int refused)
    {
        refused = -1;
        if (IsAscii(text.AsSpan())) return Encoding.ASCII.GetBytes(text);

        int known = IndexOfRefused(text.AsSpan(), allowEuroSign);
        if (known < 0)
        {
            try
            {
                return Gbk.GetBytes(text);
            }
            catch (EncoderFallbackException)
            {
                known = text.Length;
            }
        }

        refused = FirstNotEncodable(text, known);
        return null;
    }

    /// <summary>Decodes bytes strictly; .NET's decoder accepts some invalid input.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="text">The text; empty if the bytes are not GBK.</param>
    /// <param name="problem">The problem with offset and byte; empty on success.</param>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, out string text, out string problem)
    {
        problem = "";
        if (IsAscii(bytes))
        {
            text = AsciiString(bytes);
            return true;
        }

        char[] chars = ArrayPool<char>.Shared.Rent(bytes.Length);
        try
        {
            // FF never occurs in GBK, but .NET decodes it as U+F8F5 even in strict mode.
            if (bytes.IndexOf((byte)0xFF) >= 0 || !TryGetChars(bytes, chars, out int length))
            {
                text = "";
                problem = Describe(bytes);
                return false;
            }

            if (LooksLikeUtf8(bytes, chars.AsSpan(0, length)))
            {
                text = "";
                problem = "The content looks like UTF-8 where GBK was declared: " + FirstByteBeyondAscii(bytes) + " starts a UTF-8 character.";
                return false;
            }

            text = new string(chars, 0, length);
            return true;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(chars);
        }
    }

    /// <summary>
    /// Returns the index of the first character before <paramref name="end"/> that cannot be encoded, otherwise <paramref name="end"/>. The index in .NET's
    /// exception is relative to the encoder's internal buffer and not used.
    /// </summary>
    private static int FirstNotEncodable(string text, int end)
    {
        byte[] pair = new byte[2];
        char[] one = new char[1];
        for (int i = 0; i < end; i++)
        {
            one[0] = text[i];
            if (one[0] < 0x80) continue;
            if (char.IsSurrogate(one[0])) return i;

            try
            {
                Gbk.GetBytes(one, 0, 1, pair, 0);
            }
            catch (EncoderFallbackException)
            {
                return i;
            }
        }

        return end;
    }

    private static bool TryGetChars(ReadOnlySpan<byte> bytes, char[] chars, out int length)
    {
        try
        {
#if NET
            length = Gbk.GetChars(bytes, chars);
#else
            length = Gbk.GetChars(bytes.ToArray(), 0, bytes.Length, chars, 0);
#endif
            return true;
        }
        catch (DecoderFallbackException)
        {
            length = 0;
            return false;
        }
    }

    /// <summary>Describes where bytes that are not GBK become invalid.</summary>
    private static string Describe(ReadOnlySpan<byte> bytes)
    {
        string hint = IsUtf8(bytes) ? " The content looks like UTF-8 where GBK was declared." : "";
        char[] chars = new char[2];
        int offset = 0;
        while (offset < bytes.Length)
        {
            byte lead = bytes[offset];
            string at = $"byte {Hex(lead)} at offset {offset.ToString(CultureInfo.InvariantCulture)}";
            if (lead == 0xFF) return $"The {at} is not GBK.{hint}";

            int length = lead <= 0x80 ? 1 : 2;
            if (offset + length > bytes.Length) return $"The {at} starts a GBK character that is cut off.{hint}";

            ReadOnlySpan<byte> character = bytes.Slice(offset, length);
            if (character.IndexOf((byte)0xFF) >= 0 || !TryGetChars(character, chars, out _))
            {
                return $"The {at}, followed by {Hex(bytes[offset + 1])}, is not a GBK character.{hint}";
            }

            offset += length;
        }

        return "The content is not GBK." + hint;
    }

    private static string FirstByteBeyondAscii(ReadOnlySpan<byte> bytes)
    {
        int offset = 0;
        while (bytes[offset] < 0x80) offset++;

        return $"byte {Hex(bytes[offset])} at offset {offset.ToString(CultureInfo.InvariantCulture)}";
    }

    private static string Hex(byte value) => value.ToString("X2", CultureInfo.InvariantCulture);

    /// <summary>
    /// Returns whether valid GBK bytes are probably UTF-8: they decode to private-use characters, which real GBK text lacks, or they contain at least four
    /// three-byte and no two-byte UTF-8 characters, which occurs in fewer than one in a million GBK texts of that length.
    /// </summary>
    private static bool LooksLikeUtf8(ReadOnlySpan<byte> bytes, ReadOnlySpan<char> asGbk)
    {
        if (!IsUtf8(bytes)) return false;
        if (IndexOfPrivateUse(asGbk) >= 0) return true;

        int longCharacters = 0;
        foreach (byte b in bytes)
        {
            if (b is >= 0xC0 and < 0xE0) return false;
            if (b >= 0xE0) longCharacters++;
        }

        return longCharacters >= 4;
    }

    private static bool IsUtf8(ReadOnlySpan<byte> bytes)
    {
#if NET
        return System.Text.Unicode.Utf8.IsValid(bytes);
#else
        return StrictUtf8.TryGetString(bytes.ToArray()) is not null;
#endif
    }

    private static int IndexOfRefused(ReadOnlySpan<char> text, bool allowEuroSign)
    {
        int privateUse = IndexOfPrivateUse(text);
        int euroSign = allowEuroSign ? -1 : text.IndexOf(EuroSign);
        return privateUse < 0 || euroSign < 0 ? Math.Max(privateUse, euroSign) : Math.Min(privateUse, euroSign);
    }

    private static int IndexOfPrivateUse(ReadOnlySpan<char> text)
    {
#if NET
        return text.IndexOfAnyInRange(FirstPrivateUse, LastPrivateUse);
#else
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is >= FirstPrivateUse and <= LastPrivateUse) return i;
        }

        return -1;
#endif
    }

    private static bool IsAscii(ReadOnlySpan<char> text)
    {
#if NET
        return Ascii.IsValid(text);
#else
        foreach (char c in text)
        {
            if (c >= 0x80) return false;
        }

        return true;
#endif
    }

    private static bool IsAscii(ReadOnlySpan<byte> bytes)
    {
#if NET
        return Ascii.IsValid(bytes);
#else
        foreach (byte b in bytes)
        {
            if (b >= 0x80) return false;
        }

        return true;
#endif
    }

    private static string AsciiString(ReadOnlySpan<byte> bytes)
    {
#if NET
        return Encoding.ASCII.GetString(bytes);
#else
        return Encoding.ASCII.GetString(bytes.ToArray());
#endif
    }
}
