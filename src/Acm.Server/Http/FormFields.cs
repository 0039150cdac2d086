using Acm.Server.Storage;

namespace Acm.Server.Http;

/// <summary>
/// The fields of query and body, decoded to bytes: peers mix charsets within one form, so text is made field by field. A buffer
/// is decoded in place, for decoding never grows.
/// </summary>
internal sealed class FormFields
{
    private readonly List<(string Name, ReadOnlyMemory<byte> Value)> _fields = [];

    /// <summary>False where a percent sign has no two hex digits after it: half of the text would be a guess.</summary>
    public bool TryAdd(Memory<byte> encoded)
    {
        foreach ((Memory<byte> Name, Memory<byte> Value)? field in PercentDecoding.Fields(encoded))
        {
            if (field is not { } decoded) return false;

            _fields.Add((Charsets.DecodeName(decoded.Name.Span), decoded.Value));
        }

        return true;
    }

    /// <summary>The first of that name, as it was sent; null where there is none.</summary>
    public ReadOnlyMemory<byte>? Bytes(string name)
    {
        foreach ((string fieldName, ReadOnlyMemory<byte> value) in _fields)
        {
            if (fieldName == name) return value;
        }

        return null;
    }

    public string? Text(string name) => Bytes(name) is { } bytes ? Charsets.DecodeName(bytes.Span) : null;

    /// <summary>Blank where the field is absent: the two mean the same.</summary>
    public string TextOrBlank(string name) => Text(name) ?? "";
}
