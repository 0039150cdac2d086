using System.Diagnostics.CodeAnalysis;

namespace Acm.Conformance.Json;

/// <summary>A JSON object that preserves the order of its members. A repeated member replaces the value and keeps its position.</summary>
internal sealed class JsonMap
{
    private readonly Dictionary<string, object?> _values = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];

    public IReadOnlyList<string> Names => _names;

    public object? this[string name]
    {
        get => _values.GetValueOrDefault(name);
        set
        {
            if (!_values.ContainsKey(name)) _names.Add(name);
            _values[name] = value;
        }
    }

    public bool Has(string name) => _values.ContainsKey(name);

    public bool TryGet(string name, [NotNullWhen(true)] out object? value) => _values.TryGetValue(name, out value) && value is not null;

    public string? Text(string name) => _values.GetValueOrDefault(name) as string;

    public JsonMap? Map(string name) => _values.GetValueOrDefault(name) as JsonMap;

    public double Number(string name) => JsonValue.Number(_values.GetValueOrDefault(name)) ?? 0;

    public void Remove(string name)
    {
        if (_values.Remove(name)) _names.Remove(name);
    }

    /// <summary>Returns a deep copy.</summary>
    public JsonMap Clone()
    {
        var copy = new JsonMap();
        foreach (string name in _names) copy[name] = JsonValue.Clone(_values[name]);
        return copy;
    }
}
