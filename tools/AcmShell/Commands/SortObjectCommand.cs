using System.Management.Automation;
using System.Management.Automation.Internal;

namespace AcmShell.Commands;

[Cmdlet("Sort", "Object")]
internal sealed class SortObjectCommand : PSCmdlet
{
    private readonly List<PSObject> _items = [];

    [Parameter(ValueFromPipeline = true)]
    public PSObject InputObject { get; set; } = AutomationNull.Value;

    [Parameter(Position = 0)]
    public object[]? Property { get; set; }

    [Parameter]
    public SwitchParameter Descending { get; set; }

    [Parameter]
    public SwitchParameter Unique { get; set; }

    [Parameter]
    public SwitchParameter CaseSensitive { get; set; }

    protected override void ProcessRecord()
    {
        if (InputObject is not null && InputObject != AutomationNull.Value) _items.Add(InputObject);
    }

    protected override void EndProcessing()
    {
        List<PropertySpec> keys = PropertySpec.ParseAll(Property);
        var order = new ObjectOrder(CaseSensitive);
        var rows = _items.ConvertAll(item => (Item: item, Keys: Keys(item, keys)));

        int Compare((PSObject Item, object?[] Keys) one, (PSObject Item, object?[] Keys) other)
        {
            for (int i = 0; i < one.Keys.Length; i++)
            {
                int difference = order.Compare(one.Keys[i], other.Keys[i]);
                bool descending = i < keys.Count && keys[i].Descending is { } said ? said : Descending;
                if (difference != 0) return descending ? -difference : difference;
            }

            return 0;
        }

        // OrderBy keeps the input's order among equals, List.Sort would not.
        (PSObject Item, object?[] Keys)? previous = null;
        foreach ((PSObject Item, object?[] Keys) row in rows.OrderBy(r => r, Comparer<(PSObject, object?[])>.Create(Compare)))
        {
            if (Unique && previous is { } before && Compare(before, row) == 0) continue;
            previous = row;
            WriteObject(row.Item);
        }
    }

    private static object?[] Keys(PSObject item, List<PropertySpec> keys) =>
        keys.Count == 0 ? [item] : [.. keys.Select(k => k.Read(item).Select(r => r.Value).FirstOrDefault())];
}
