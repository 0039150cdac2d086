using System.Management.Automation;
using System.Management.Automation.Internal;
using Microsoft.PowerShell.Commands;

namespace AcmShell.Commands;

[Cmdlet(VerbsCommon.Select, "Object")]
internal sealed class SelectObjectCommand : PSCmdlet
{
    private readonly Queue<PSObject> _held = new();
    private readonly List<PSObject> _unique = [];
    private readonly ObjectOrder _order = new(caseSensitive: true);
    private List<PropertySpec> _properties = [];
    private List<WildcardPattern> _excluded = [];
    private int _seen;
    private int _written;

    [Parameter(ValueFromPipeline = true)]
    public PSObject InputObject { get; set; } = AutomationNull.Value;

    [Parameter(Position = 0)]
    public object[]? Property { get; set; }

    [Parameter]
    public string[] ExcludeProperty { get; set; } = [];

    [Parameter]
    public string? ExpandProperty { get; set; }

    [Parameter]
    public SwitchParameter Unique { get; set; }

    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int First { get; set; } = -1;

    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int Last { get; set; } = -1;

    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int Skip { get; set; }

    protected override void BeginProcessing()
    {
        object[]? wanted = Property ?? (ExcludeProperty.Length > 0 && ExpandProperty is null ? ["*"] : null);
        _properties = PropertySpec.ParseAll(wanted);
        _excluded = [.. ExcludeProperty.Select(p => WildcardPattern.Get(p, WildcardOptions.IgnoreCase))];
    }

    protected override void ProcessRecord()
    {
        if (InputObject is null || InputObject == AutomationNull.Value) return;
        _seen++;

        // With -Last alone, -Skip leaves out the end; in every other case the start.
        bool skipsStart = First >= 0 || Last < 0;
        if (skipsStart && _seen <= Skip) return;
        if (First < 0 && Last < 0)
        {
            Select(InputObject);
            return;
        }

        if (_written < First)
        {
            _written++;
            Select(InputObject);
        }
        else if (Last >= 0)
        {
            _held.Enqueue(InputObject);
            if (_held.Count > Last + (skipsStart ? 0 : Skip)) _held.Dequeue();
        }

        if (First > 0 && _written == First && Last <= 0)
        {
            EndProcessing();
            throw EngineInternals.StopUpstream(this);
        }
    }

    protected override void EndProcessing()
    {
        int last = _held.Count - (First >= 0 ? 0 : Skip);
        foreach (PSObject held in _held.Take(Math.Min(last, Math.Max(Last, 0)))) Select(held);
        _held.Clear();
        WriteObject(_unique, enumerateCollection: true);
        _unique.Clear();
    }

    private void Select(PSObject source)
    {
        if (_properties.Count == 0 && ExpandProperty is null)
        {
            Write(source);
            return;
        }

        List<PSNoteProperty> notes = [.. _properties.SelectMany(p => Notes(p, source))];
        if (ExpandProperty is null) Write(Selected(source, notes));
        else Expand(source, notes);
    }

    private IEnumerable<PSNoteProperty> Notes(PropertySpec property, PSObject source)
    {
        List<(string Name, object? Value)> found = [.. property.Read(source)];
        // A property that is not there is still a column, unless a wildcard was to find it.
        if (found.Count == 0 && !property.Expression.HasWildCardCharacters)
            found.Add((property.Name ?? property.Expression.ToString(), null));
        return found.Where(f => !_excluded.Exists(e => e.IsMatch(f.Name))).Select(f => new PSNoteProperty(f.Name, f.Value));
    }

    private PSObject Selected(PSObject source, List<PSNoteProperty> notes)
    {
        var selected = new PSObject();
        selected.TypeNames.Insert(0, "Selected." + source.BaseObject.GetType());
        AddNotes(selected, source, notes, "AlreadyExistingUserSpecifiedPropertyNoExpand");
        return selected;
    }

    private void Expand(PSObject source, List<PSNoteProperty> notes)
    {
        List<PSPropertyExpressionResult> results = new PSPropertyExpression(ExpandProperty).GetValues(source);
        if (results is not [{ } result])
        {
            string problem = results.Count == 0 ? "cannot be found" : "matches more than one";
            WriteError(new ErrorRecord(
                new PSArgumentException($"Property \"{ExpandProperty}\" {problem}."),
                results.Count == 0 ? "ExpandPropertyNotFound" : "MutlipleExpandProperties",
                ErrorCategory.InvalidArgument,
                source));
            return;
        }

        if (result.Exception is not null)
        {
            WriteError(new ErrorRecord(result.Exception, "PropertyEvaluationExpand", ErrorCategory.InvalidResult, source));
            return;
        }

        foreach (object? item in LanguagePrimitives.GetEnumerable(result.Result) ?? new[] { result.Result })
        {
            if (item is null) continue;
            PSObject expanded = PSObject.AsPSObject(item);
            AddNotes(expanded, source, notes, "AlreadyExistingUserSpecifiedPropertyExpand");
            Write(expanded);
        }
    }

    private void AddNotes(PSObject target, PSObject source, List<PSNoteProperty> notes, string errorId)
    {
        foreach (PSNoteProperty note in notes)
        {
            if (target.Properties[note.Name] is null) target.Properties.Add(note);
            else WriteError(new ErrorRecord(
                new PSArgumentException($"The property cannot be processed because the property \"{note.Name}\" already exists."),
                errorId,
                ErrorCategory.InvalidOperation,
                source));
        }
    }

    private void Write(PSObject value)
    {
        if (!Unique) WriteObject(value);
        else if (!_unique.Exists(u => Equal(u, value))) _unique.Add(value);
    }

    private bool Equal(PSObject one, PSObject other) => one.BaseObject is PSCustomObject && other.BaseObject is PSCustomObject
        ? one.Properties.Count() == other.Properties.Count()
            && one.Properties.All(p => other.Properties[p.Name] is { } q && _order.Compare(p.Value, q.Value) == 0)
        : _order.Compare(one, other) == 0;
}
