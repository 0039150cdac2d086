using System.Collections;
using System.Management.Automation;

namespace AcmPowerShell;

/// <summary>
/// Takes text, alone or as items, and the Content of an object that has one. What is anything else is bound all the same, with a
/// <see cref="ContentMark"/> that says so: a binding error would skip that item and have the command publish the rest.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ContentTextAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? value = Unwrap(inputData);
        if (value is null) return ContentMark.Refuse(null);
        if (value is string) return inputData;
        if (value is IEnumerable items) return TransformItems(inputData, items);

        // Files are for the other parameters.
        if (value is FileInfo || Has(inputData, "PSPath") || Has(inputData, "LiteralPath")) return new NoText();
        if (!Has(inputData, "Content")) return ContentMark.Refuse(value);

        object? content = Unwrap(PSObject.AsPSObject(inputData).Properties["Content"].Value);
        string? @namespace = Has(inputData, "Namespace") ? Unwrap(PSObject.AsPSObject(inputData).Properties["Namespace"].Value)?.ToString() : null;
        return content switch
        {
            string text => ContentMark.OfObject([text], @namespace),
            string[] texts => ContentMark.OfObject([.. texts], @namespace),
            _ => ContentMark.Refuse(content),
        };
    }

    private static object TransformItems(object inputData, IEnumerable items)
    {
        foreach (object? item in items)
            if (Unwrap(item) is var found && found is not string) return ContentMark.Refuse(items is IDictionary ? items : found);

        // An empty dictionary has no item to give it away.
        return items is IDictionary ? ContentMark.Refuse(items) : inputData;
    }

    private static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    private static bool Has(object value, string property) => PSObject.AsPSObject(value).Properties[property] is not null;

    /// <summary>Can't be converted to text, so that the binder looks at the other parameters.</summary>
    private sealed class NoText
    {
        public override string ToString() => throw new PSInvalidCastException("A file is not text. -Path and -LiteralPath take its name.");
    }
}
