namespace HelpBuilder.Pages;

/// <summary>The properties of a parameter in a parameter set. The names are those of the platyPS schema.</summary>
internal sealed record ParameterSetBlock
{
    /// <summary>The name of the set, or <c>(All)</c>.</summary>
    public string Name { get; init; } = "";

    /// <summary>A number, or <c>Named</c>.</summary>
    public string Position { get; init; } = "";

    public bool IsRequired { get; init; }

    public bool ValueFromPipeline { get; init; }

    public bool ValueFromPipelineByPropertyName { get; init; }

    public bool ValueFromRemainingArguments { get; init; }
}
