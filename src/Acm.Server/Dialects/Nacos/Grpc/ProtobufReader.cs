namespace Acm.Server.Dialects.Nacos.Grpc;

/// <summary>Reads the fields of a protobuf message in order.</summary>
/// <param name="message">The bytes of the message.</param>
internal struct ProtobufReader(ReadOnlyMemory<byte> message)
{
    private const int MaxVarintBits = 63;

    private ReadOnlyMemory<byte> _rest = message;

    /// <summary>Gets the number of the current field.</summary>
    public int Field { get; private set; }

    /// <summary>Gets the bytes of a length-delimited field; empty for a varint, which these messages do not use.</summary>
    public ReadOnlyMemory<byte> Value { get; private set; }

    /// <summary>Advances to the next field.</summary>
    /// <returns>False at the end of the message.</returns>
    /// <exception cref="InvalidDataException">The bytes are not protobuf.</exception>
    public bool Next()
    {
        if (_rest.IsEmpty) return false;

        ulong tag = ReadVarint();
        Field = (int)(tag >> 3);
        Value = (tag & 7) switch
        {
            0 => Skip(ReadVarint()),
            1 => Take(8),
            2 => Take(ReadVarint()),
            5 => Take(4),
            _ => throw Broken(),
        };
        return true;
    }

    private static ReadOnlyMemory<byte> Skip(ulong _) => default;

    private static InvalidDataException Broken() => new("The message is not protobuf.");

    private ReadOnlyMemory<byte> Take(ulong length)
    {
        if (length > (ulong)_rest.Length) throw Broken();

        ReadOnlyMemory<byte> taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }

    private ulong ReadVarint()
    {
        ulong number = 0;
        for (int bits = 0; bits <= MaxVarintBits; bits += 7)
        {
            byte part = Take(1).Span[0];
            number |= (ulong)(part & 0x7F) << bits;
            if (part < 0x80) return number;
        }

        throw Broken();
    }
}
