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
        while (!encoded.IsEmpty)
        {
            int end = encoded.Span.IndexOf((byte)'&');
            Memory<byte> field = end < 0 ? encoded : encoded[..end];
            encoded = end < 0 ? default : encoded[(end + 1)..];
            if (field.IsEmpty) continue;

            int equals = field.Span.IndexOf((byte)'=');
            Memory<byte> name = equals < 0 ? field : field[..equals];
            Memory<byte> value = equals < 0 ? default : field[(equals + 1)..];
            if (!PercentDecoding.TryDecodeInPlace(ref name) || !PercentDecoding.TryDecodeInPlace(ref value)) return false;

            _fields.Add((Charsets.DecodeName(name.Span), value));
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
