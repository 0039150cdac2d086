using Acm.Server.Storage;

namespace Acm.Server.Http;

/// <summary>
/// The fields of the query and the body as bytes: clients mix charsets within a form, so each field is decoded separately. Buffers
/// are percent-decoded in place.
/// </summary>
internal sealed class FormFields
{
    private readonly List<(string Name, ReadOnlyMemory<byte> Value)> _fields = [];

    /// <summary>Adds the fields of an encoded query or form; returns false if a percent sign is not followed by two hexadecimal digits.</summary>
    public bool TryAdd(Memory<byte> encoded)
    {
        foreach ((Memory<byte> Name, Memory<byte> Value)? field in PercentDecoding.Fields(encoded))
        {
            if (field is not { } decoded) return false;

            _fields.Add((Charsets.DecodeName(decoded.Name.Span), decoded.Value));
        }

        return true;
    }

    /// <summary>Returns the bytes of the first field with a name; null if there is none.</summary>
    public ReadOnlyMemory<byte>? Bytes(string name)
    {
        foreach ((string fieldName, ReadOnlyMemory<byte> value) in _fields)
        {
            if (fieldName == name) return value;
        }

        return null;
    }

    public string? Text(string name) => Bytes(name) is { } bytes ? Charsets.DecodeName(bytes.Span) : null;

    /// <summary>Returns the text of a field; empty if it is absent.</summary>
    public string TextOrBlank(string name) => Text(name) ?? "";
}
