using System.Collections;
using System.Globalization;
using System.Management.Automation;
using static AcmPowerShell.BoundValue;

namespace AcmPowerShell;

/// <summary>
/// Accepts text, numbers and booleans, alone or in an array, and the Content property of an object. Other values are bound as placeholders with a
/// <see cref="ContentMark"/>, because after a binding error PowerShell would skip the item and publish the others.
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

        // Files bind to -Path and -LiteralPath.
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
        // Checked separately, because the items of an empty dictionary show nothing.
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

    /// <summary>Returns the text of a string, number or boolean, or null for other values. PowerShell keeps the text of a number literal, which is used as typed.</summary>
    private static string? TextOf(object? input) => Unwrap(input) switch
    {
        string text => text,
        bool flag => flag ? "true" : "false",
        char or System.Numerics.BigInteger => LanguagePrimitives.ConvertTo<string>(input),
        Enum or null => null,
        IConvertible value when value.GetType().IsPrimitive || value is decimal => (string)LanguagePrimitives.ConvertTo(input, typeof(string), CultureInfo.InvariantCulture),
        _ => null,
    };

    private static bool Has(object value, string property) => PSObject.AsPSObject(value).Properties[property] is not null;

    /// <summary>A value that cannot be converted to text, so that PowerShell tries the other parameters.</summary>
    private sealed class NoText
    {
        public override string ToString() => throw new PSInvalidCastException("A file object is not text. Use -Path or -LiteralPath with its name.");
    }
}
