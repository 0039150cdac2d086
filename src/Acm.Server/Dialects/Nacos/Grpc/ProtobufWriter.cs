namespace Acm.Server.Dialects.Nacos.Grpc;

/// <summary>Writes the fields of a protobuf message of known length. Empty fields are omitted, as in proto3.</summary>
/// <param name="target">The buffer for the message.</param>
internal ref struct ProtobufWriter(Span<byte> target)
{
    private const int LengthDelimited = 2;

    private Span<byte> _rest = target;

    /// <summary>Returns the size of a field in bytes, including its tag and length.</summary>
    public static int Size(int length) => length == 0 ? 0 : 1 + VarintSize(length) + length;

    /// <summary>Starts a field that is a message.</summary>
    /// <param name="field">The field number, 1 to 15.</param>
    /// <param name="length">The length of the message in bytes.</param>
    /// <returns>False if the message is empty and the field is omitted.</returns>
    public bool Begin(int field, int length)
    {
        if (length == 0) return false;

        Put((byte)((field << 3) | LengthDelimited));
        uint number = (uint)length;
        for (; number >= 0x80; number >>= 7) Put((byte)(number | 0x80));
        Put((byte)number);
        return true;
    }

    /// <summary>Writes a field.</summary>
    public void Write(int field, scoped ReadOnlySpan<byte> value)
    {
        if (!Begin(field, value.Length)) return;

        value.CopyTo(_rest);
        _rest = _rest[value.Length..];
    }

    private static int VarintSize(int number)
    {
        int size = 1;
        for (uint rest = (uint)number; rest >= 0x80; rest >>= 7) size++;
        return size;
    }

    private void Put(byte value)
    {
        _rest[0] = value;
        _rest = _rest[1..];
    }
}
