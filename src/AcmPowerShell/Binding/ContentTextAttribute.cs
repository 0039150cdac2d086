using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace AcmPowerShell;

/// <summary>
/// Takes text, numbers and booleans, alone or as items, and the Content of an object that has one. What is anything else is bound all the same, with a
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
        if (TextOf(inputData) is { } literal) return literal;
        if (value is IEnumerable items) return TransformItems(inputData, items);

        // Files are for the other parameters.
        if (value is FileInfo || Has(inputData, "PSPath") || Has(inputData, "LiteralPath")) return new NoText();
        if (!Has(inputData, "Content")) return ContentMark.Refuse(value);

        object? content = PSObject.AsPSObject(inputData).Properties["Content"].Value;
        string? @namespace = Has(inputData, "Namespace") ? Unwrap(PSObject.AsPSObject(inputData).Properties["Namespace"].Value)?.ToString() : null;
        return TextOf(content) is { } text ? ContentMark.OfObject([text], @namespace)
            : Unwrap(content) is string[] texts ? ContentMark.OfObject([.. texts], @namespace)
            : ContentMark.Refuse(Unwrap(content));
    }

    private static object TransformItems(object inputData, IEnumerable items)
    {
        // An empty dictionary has no item to give it away.
        if (items is IDictionary) return ContentMark.Refuse(items);
        if (items is string[]) return inputData;

        var texts = new List<string>();
        foreach (object? item in items)
        {
            if (TextOf(item) is not { } text) return ContentMark.Refuse(Unwrap(item));

            texts.Add(text);
        }

        return texts.ToArray();
    }

    /// <summary>The text of a string, number or boolean; null for anything else. A literal is what was typed, as for every parameter of text: the shell keeps it beside the number.</summary>
    private static string? TextOf(object? input) => Unwrap(input) switch
    {
        string text => text,
        bool flag => flag ? "true" : "false",
        char or System.Numerics.BigInteger => LanguagePrimitives.ConvertTo<string>(input),
        Enum or null => null,
        IConvertible value when value.GetType().IsPrimitive || value is decimal => (string)LanguagePrimitives.ConvertTo(input, typeof(string), CultureInfo.InvariantCulture),
        _ => null,
    };

    private static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    private static bool Has(object value, string property) => PSObject.AsPSObject(value).Properties[property] is not null;

    /// <summary>Can't be converted to text, so that the binder looks at the other parameters.</summary>
    private sealed class NoText
    {
        public override string ToString() => throw new PSInvalidCastException("A file object is not text. Use -Path or -LiteralPath with its name.");
    }
}
