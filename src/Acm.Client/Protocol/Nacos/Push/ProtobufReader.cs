namespace Acm.Client.Protocol.Nacos.Push;

/// <summary>Reads the fields of a protobuf message of texts, bytes and messages.</summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;

    /// <summary>The number of the field.</summary>
    public int Field { get; private set; }

    /// <summary>Its bytes; empty for a number.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Goes to the next field.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="InvalidDataException">The bytes are not protobuf.</exception>
    public bool Next()
    {
        if (_rest.IsEmpty) return false;

        ulong tag = ReadNumber();
        Field = (int)(tag >> 3);
        switch (tag & 7)
        {
            case 0:
                ReadNumber();
                Value = default;
                break;
            case 1:
                Value = Take(8);
                break;
            case 2:
                Value = Take(ReadNumber());
                break;
            case 5:
                Value = Take(4);
                break;
            default:
                throw Broken();
        }

        return true;
    }

    private static InvalidDataException Broken() => new("The message is not protobuf.");

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)_rest.Length) throw Broken();

        ReadOnlySpan<byte> taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }

    private ulong ReadNumber()
    {
        ulong number = 0;
        for (int bits = 0; bits < 64; bits += 7)
        {
            byte part = Take(1)[0];
            number |= (ulong)(part & 0x7F) << bits;
            if (part < 0x80) return number;
        }

        throw Broken();
    }
}
