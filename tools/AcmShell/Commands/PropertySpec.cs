using System.Collections;
using System.Management.Automation;
using Microsoft.PowerShell.Commands;

namespace AcmShell.Commands;

/// <summary>One entry of a <c>-Property</c> parameter: a name, a script block, or a hashtable of both.</summary>
/// <param name="Name">What the result is called, where that was said.</param>
/// <param name="Expression">Finds the values; a name may hold wildcards.</param>
/// <param name="Descending">For sorting only; null where nothing was said.</param>
internal sealed record PropertySpec(string? Name, PSPropertyExpression Expression, bool? Descending)
{
    /// <exception cref="PSArgumentException">The entry is neither, or has a key that nothing knows.</exception>
    public static PropertySpec Parse(object entry)
    {
        object value = entry is PSObject wrapped ? wrapped.BaseObject : entry;
        if (value is not IDictionary table) return new PropertySpec(null, ExpressionOf(value), null);

        string? name = null;
        PSPropertyExpression? expression = null;
        bool? descending = null;
        foreach (DictionaryEntry pair in table)
        {
            string key = pair.Key.ToString()!;
            if (Shortens(key, "Name") || Shortens(key, "Label")) name = LanguagePrimitives.ConvertTo<string>(pair.Value);
            else if (Shortens(key, "Expression")) expression = ExpressionOf(pair.Value);
            else if (Shortens(key, "Descending")) descending = LanguagePrimitives.IsTrue(pair.Value);
            else if (Shortens(key, "Ascending")) descending = !LanguagePrimitives.IsTrue(pair.Value);
            else throw new PSArgumentException($"The key '{key}' is not valid in a calculated property.");
        }

        return new PropertySpec(name, expression ?? throw new PSArgumentException("A calculated property needs an Expression."), descending);
    }

    public static List<PropertySpec> ParseAll(object[]? entries) => [.. (entries ?? []).Select(Parse)];

    /// <summary>The values of an object's properties that the expression names; a property that throws is left out.</summary>
    public IEnumerable<(string Name, object? Value)> Read(PSObject source)
    {
        foreach (PSPropertyExpression resolved in Expression.ResolveNames(source))
        {
            foreach (PSPropertyExpressionResult result in resolved.GetValues(source))
            {
                yield return (Name ?? result.ResolvedExpression.ToString(), result.Result);
            }
        }
    }

    private static PSPropertyExpression ExpressionOf(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        ScriptBlock script => new PSPropertyExpression(script),
        string { Length: > 0 } name => new PSPropertyExpression(name),
        _ => throw new PSArgumentException("A property is a name, a script block, or a hashtable with Name and Expression."),
    };

    private static bool Shortens(string key, string whole) => key.Length > 0 && whole.StartsWith(key, StringComparison.OrdinalIgnoreCase);
}
