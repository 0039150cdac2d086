using System.Collections;
using System.Globalization;
using System.Management.Automation;
using HelpBuilder.Pages;

namespace HelpBuilder.Commands;

/// <summary>The facts about a parameter that a page contains.</summary>
/// <param name="Name">The name without the dash.</param>
/// <param name="Block">The YAML block. The default value is empty if the command has none, so that a page can describe the behavior.</param>
internal sealed record ParameterFacts(string Name, ParameterBlock Block)
{
    public static ParameterFacts Of(ParameterMetadata parameter, object instance) => new(parameter.Name, new ParameterBlock
    {
        Type = TypeName.Full(parameter.ParameterType),
        DefaultValue = DefaultValue(parameter, instance),
        SupportsWildcards = parameter.Attributes.OfType<SupportsWildcardsAttribute>().Any(),
        Aliases = [.. parameter.Aliases],
        ParameterSets = [.. parameter.ParameterSets.Select(set => new ParameterSetBlock
        {
            Name = set.Key == ParameterAttribute.AllParameterSets ? "(All)" : set.Key,
            Position = set.Value.Position == int.MinValue ? "Named" : set.Value.Position.ToString(CultureInfo.InvariantCulture),
            IsRequired = set.Value.IsMandatory,
            ValueFromPipeline = set.Value.ValueFromPipeline,
            ValueFromPipelineByPropertyName = set.Value.ValueFromPipelineByPropertyName,
            ValueFromRemainingArguments = set.Value.ValueFromRemainingArguments,
        })],
        DontShow = parameter.Attributes.OfType<ParameterAttribute>().Any(attribute => attribute.DontShow),
        AcceptedValues = AcceptedValues(parameter),
        HelpMessage = parameter.Attributes.OfType<ParameterAttribute>().Select(attribute => attribute.HelpMessage).FirstOrDefault(message => !string.IsNullOrEmpty(message)) ?? "",
    });

    private static List<string> AcceptedValues(ParameterMetadata parameter)
    {
        Type type = parameter.ParameterType.GetElementType() ?? Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        if (parameter.Attributes.OfType<ValidateSetAttribute>().FirstOrDefault() is { } set) return [.. set.ValidValues];
        return type.IsEnum ? [.. Enum.GetNames(type)] : [];
    }

    // -WhatIf and -Confirm are not on the class; a switch that is not given is off.
    private static string DefaultValue(ParameterMetadata parameter, object instance)
    {
        // A PSDefaultValue attribute takes precedence over the value of the property.
        if (parameter.Attributes.OfType<PSDefaultValueAttribute>().FirstOrDefault()?.Help is { Length: > 0 } help) return help;

        object? value = instance.GetType().GetProperty(parameter.Name)?.GetValue(instance);
        return value switch
        {
            SwitchParameter or null when parameter.SwitchParameter => "False",
            null or 0 or 0.0 or "" => "",
            string text => text,
            IEnumerable items => string.Join(", ", items.Cast<object>()),
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString() ?? "",
        };
    }
}
