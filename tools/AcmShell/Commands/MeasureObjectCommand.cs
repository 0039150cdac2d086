using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Internal;

namespace AcmShell.Commands;

[Cmdlet(VerbsDiagnostic.Measure, "Object")]
internal sealed class MeasureObjectCommand : PSCmdlet
{
    private readonly ObjectOrder _order = new(caseSensitive: false);
    private List<Measure> _measures = [];

    [Parameter(ValueFromPipeline = true)]
    public PSObject InputObject { get; set; } = AutomationNull.Value;

    [Parameter(Position = 0)]
    public object[]? Property { get; set; }

    [Parameter]
    public SwitchParameter Sum { get; set; }

    [Parameter]
    public SwitchParameter Average { get; set; }

    [Parameter]
    public SwitchParameter Maximum { get; set; }

    [Parameter]
    public SwitchParameter Minimum { get; set; }

    protected override void BeginProcessing() => _measures = Property is null
        ? [new Measure(null)]
        : [.. PropertySpec.ParseAll(Property).Select(p => new Measure(p))];

    protected override void ProcessRecord()
    {
        if (InputObject is null || InputObject == AutomationNull.Value) return;
        foreach (Measure measure in _measures)
        {
            if (measure.Property is null) Add(measure, InputObject);
            else foreach ((_, object? value) in measure.Property.Read(InputObject)) Add(measure, value);
        }
    }

    protected override void EndProcessing()
    {
        foreach (Measure measure in _measures)
        {
            if (measure is { Property: { } property, Count: 0 })
            {
                WriteError(new ErrorRecord(
                    new PSArgumentException($"The property \"{property.Expression}\" cannot be found in the input for any objects."),
                    "GenericMeasurePropertyNotFound",
                    ErrorCategory.InvalidArgument,
                    targetObject: null));
                continue;
            }

            WriteObject(Result(measure));
        }
    }

    private void Add(Measure measure, object? value)
    {
        if (value is null) return;
        measure.Count++;
        if (Sum || Average) AddNumber(measure, value);
        if (Maximum && (measure.Maximum is null || _order.Compare(value, measure.Maximum) > 0)) measure.Maximum = value;
        if (Minimum && (measure.Minimum is null || _order.Compare(value, measure.Minimum) < 0)) measure.Minimum = value;
    }

    private void AddNumber(Measure measure, object value)
    {
        if (LanguagePrimitives.TryConvertTo(value, CultureInfo.InvariantCulture, out double number))
        {
            measure.Sum += number;
            return;
        }

        measure.Count--;
        WriteError(new ErrorRecord(
            new PSInvalidCastException($"Input object \"{value}\" is not numeric."), "NonNumericInputObject", ErrorCategory.InvalidType, value));
    }

    /// <summary>The type's name is the real one's, so that the engine's own view fits.</summary>
    private PSObject Result(Measure measure)
    {
        var result = new PSObject();
        result.TypeNames.Insert(0, "Microsoft.PowerShell.Commands.GenericMeasureInfo");
        void Note(string name, object? value) => result.Properties.Add(new PSNoteProperty(name, value));
        Note("Count", measure.Count);
        Note("Average", Average && measure.Count > 0 ? measure.Sum / measure.Count : null);
        Note("Sum", Sum ? measure.Sum : null);
        Note("Maximum", Number(measure.Maximum));
        Note("Minimum", Number(measure.Minimum));
        Note("StandardDeviation", null);
        Note("Property", measure.Property?.Expression.ToString());
        return result;
    }

    /// <summary>Every number comes out as a double, as with the real one.</summary>
    private static object? Number(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) is { } plain
        && plain is sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal
            ? Convert.ToDouble(plain, CultureInfo.InvariantCulture)
            : value;

    private sealed class Measure(PropertySpec? property)
    {
        public PropertySpec? Property => property;

        public int Count { get; set; }

        public double Sum { get; set; }

        public object? Maximum { get; set; }

        public object? Minimum { get; set; }
    }
}
