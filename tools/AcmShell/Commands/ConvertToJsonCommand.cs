using System.Collections;
using System.Collections.Specialized;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Numerics;
using Newtonsoft.Json;
using Newtonsoft.Json.Converters;

namespace AcmShell.Commands;

/// <summary>Serialises with the same library as the real one, so that the text is the same to the character.</summary>
[Cmdlet(VerbsData.ConvertTo, "Json")]
[OutputType(typeof(string))]
internal sealed class ConvertToJsonCommand : PSCmdlet
{
    private readonly List<object?> _items = [];
    private bool _warned;

    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    public object? InputObject { get; set; }

    /// <summary>Levels of objects below the first; what lies deeper becomes its text, with a warning.</summary>
    [Parameter]
    [ValidateRange(0, 100)]
    public int Depth { get; set; } = 2;

    [Parameter]
    public SwitchParameter Compress { get; set; }

    [Parameter]
    public SwitchParameter EnumsAsStrings { get; set; }

    [Parameter]
    public SwitchParameter AsArray { get; set; }

    protected override void ProcessRecord() => _items.Add(InputObject);

    protected override void EndProcessing()
    {
        if (_items.Count == 0) return;
        var settings = new JsonSerializerSettings { Formatting = Compress ? Formatting.None : Formatting.Indented };
        if (EnumsAsStrings) settings.Converters.Add(new StringEnumConverter());
        object? whole = _items.Count > 1 || AsArray ? _items : _items[0];
        WriteObject(JsonConvert.SerializeObject(Plain(whole, depth: 0), settings));
    }

    private object? Plain(object? value, int depth)
    {
        PSObject? wrapped = value as PSObject;
        object? inner = wrapped is null ? value : wrapped.BaseObject;
        switch (inner)
        {
            case null or DBNull or NullString:
                return null;
            case string or char or bool or DateTime or DateTimeOffset or Guid or Uri or decimal or BigInteger:
                return inner;
            // JavaScript can't hold 64 bits.
            case Enum when Enum.GetUnderlyingType(inner.GetType()) is var type && (type == typeof(long) || type == typeof(ulong)):
                return inner.ToString();
            case Enum:
                return inner;
        }

        if (inner.GetType().IsPrimitive) return inner;
        if (depth > Depth)
        {
            if (!_warned) WriteWarning($"Resulting JSON is truncated as serialization has exceeded the set depth of {Depth}.");
            _warned = true;
            return LanguagePrimitives.ConvertTo<string>(value);
        }

        return inner switch
        {
            IDictionary table => Fields(table.Cast<DictionaryEntry>().Select(e => (e.Key.ToString()!, e.Value)), depth),
            IEnumerable items => items.Cast<object?>().Select(item => Plain(item, depth + 1)).ToList(),
            _ => Fields(PSObject.AsPSObject(value!).Properties.Where(p => p.IsGettable).Select(p => (p.Name, Read(p))), depth),
        };
    }

    private OrderedDictionary Fields(IEnumerable<(string Name, object? Value)> fields, int depth)
    {
        var result = new OrderedDictionary(StringComparer.Ordinal);
        foreach ((string name, object? value) in fields) result[name] = Plain(value, depth + 1);
        return result;
    }

    /// <summary>A property that throws is null in JSON; its exception is the object's affair.</summary>
    private static object? Read(PSPropertyInfo property)
    {
        try
        {
            return property.Value;
        }
        catch (GetValueException)
        {
            return null;
        }
    }
}
