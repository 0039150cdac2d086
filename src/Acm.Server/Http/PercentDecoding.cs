namespace Acm.Server.Http;

/// <summary>Decodes <c>application/x-www-form-urlencoded</c> to bytes.</summary>
internal static class PercentDecoding
{
    /// <summary>Returns the fields of a query or form, decoded in place; null for malformed fields.</summary>
    public static IEnumerable<(Memory<byte> Name, Memory<byte> Value)?> Fields(Memory<byte> encoded)
    {
        while (!encoded.IsEmpty)
        {
            int end = encoded.Span.IndexOf((byte)'&');
            Memory<byte> field = end < 0 ? encoded : encoded[..end];
            encoded = end < 0 ? default : encoded[(end + 1)..];
            if (field.IsEmpty) continue;

            int equals = field.Span.IndexOf((byte)'=');
            Memory<byte> name = equals < 0 ? field : field[..equals];
            Memory<byte> value = equals < 0 ? default : field[(equals + 1)..];
            yield return TryDecodeInPlace(ref name) && TryDecodeInPlace(ref value) ? (name, value) : null;
        }
    }

    /// <summary>Decodes <paramref name="text"/> in place; returns false if it is malformed.</summary>
    public static bool TryDecodeInPlace(ref Memory<byte> text)
    {
        Span<byte> bytes = text.Span;
        int read = bytes.IndexOfAny((byte)'%', (byte)'+');
        if (read < 0) return true;

        int written = read;
        while (read < bytes.Length)
        {
            byte b = bytes[read++];
            if (b == '+')
            {
                b = (byte)' ';
            }
            else if (b == '%')
            {
                if (read + 2 > bytes.Length || !char.IsAsciiHexDigit((char)bytes[read]) || !char.IsAsciiHexDigit((char)bytes[read + 1])) return false;

                b = (byte)((Hex(bytes[read]) << 4) | Hex(bytes[read + 1]));
                read += 2;
            }

            bytes[written++] = b;
        }

        text = text[..written];
        return true;
    }

    private static int Hex(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
