namespace HelpBuilder.Pages;

/// <summary>The page of a command, in the parts of the platyPS schema 2024-05-01. All prose is markdown.</summary>
internal sealed record CommandPage
{
    public required string Name { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string>> FrontMatter { get; init; }

    public string Synopsis { get; init; } = "";

    public IReadOnlyList<SyntaxEntry> Syntaxes { get; init; } = [];

    public string Aliases { get; init; } = "";

    public string Description { get; init; } = "";

    /// <summary>Gets the text before the first example: hidden comments with the set-up for the examples.</summary>
    public string ExamplesNote { get; init; } = "";

    public IReadOnlyList<ExampleEntry> Examples { get; init; } = [];

    public IReadOnlyList<ParameterEntry> Parameters { get; init; } = [];

    public string CommonParameters { get; init; } = "";

    public IReadOnlyList<TypeEntry> Inputs { get; init; } = [];

    public IReadOnlyList<TypeEntry> Outputs { get; init; } = [];

    public string Notes { get; init; } = "";

    /// <summary>The links, one list item each.</summary>
    public string RelatedLinks { get; init; } = "";

    /// <summary>Gets the name of the MAML file, which PowerShell prescribes.</summary>
    public string HelpFile => FrontMatter.FirstOrDefault(pair => pair.Key == "external help file").Value ?? "";
}
