namespace Acm.Server.Http;

/// <summary>application/x-www-form-urlencoded, read into bytes.</summary>
internal static class PercentDecoding
{
    /// <summary>Shortens <paramref name="text"/> to what it stands for; false where it is malformed.</summary>
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
