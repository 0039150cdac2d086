using System.Text;
using Acm.Server.Http;

namespace Acm.Server.Dialects.Nacos;

/// <summary>The parameters of the query and the form. Repeated parameters are joined by commas; malformed ones are ignored.</summary>
internal sealed class Parameters
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private Dictionary<string, string>? _firstOfSeveral;

    public string? this[string name] => _values.GetValueOrDefault(name);

    /// <summary>Returns the first value of a parameter.</summary>
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

    /// <summary>Adds the parameters of an encoded query or form, which is decoded in place.</summary>
    public void AddEncoded(Memory<byte> encoded)
    {
        foreach ((Memory<byte> Name, Memory<byte> Value)? field in PercentDecoding.Fields(encoded))
        {
            if (field is { } decoded) Add(Encoding.UTF8.GetString(decoded.Name.Span), Encoding.UTF8.GetString(decoded.Value.Span));
        }
    }
}
