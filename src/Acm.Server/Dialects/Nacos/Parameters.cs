using System.Text;
using Acm.Server.Http;

namespace Acm.Server.Dialects.Nacos;

/// <summary>The parameters of query and form as text. One that comes twice is joined by a comma, one that is malformed is not there.</summary>
internal sealed class Parameters
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private Dictionary<string, string>? _firstOfSeveral;

    public string? this[string name] => _values.GetValueOrDefault(name);

    /// <summary>The first of that name, where it comes twice.</summary>
    public string? First(string name) => _firstOfSeveral?.GetValueOrDefault(name) ?? this[name];

    public void Add(string name, string value)
    {
        if (_values.TryGetValue(name, out string? before))
        {
            _firstOfSeveral ??= new Dictionary<string, string>(StringComparer.Ordinal);
            _firstOfSeveral.TryAdd(name, before);
            value = $"{before},{value}";
        }

        _values[name] = value;
    }

    public void Clear()
    {
        _values.Clear();
        _firstOfSeveral = null;
    }

    /// <summary>Reads an encoded query or form; the buffer is decoded in place.</summary>
    public void AddEncoded(Memory<byte> encoded)
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
            if (!PercentDecoding.TryDecodeInPlace(ref name) || !PercentDecoding.TryDecodeInPlace(ref value)) continue;

            Add(Encoding.UTF8.GetString(name.Span), Encoding.UTF8.GetString(value.Span));
        }
    }
}
