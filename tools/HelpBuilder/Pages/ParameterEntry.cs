namespace HelpBuilder.Pages;

/// <summary>A parameter on a page: its name without the dash, prose in markdown, and the facts.</summary>
internal sealed record ParameterEntry(string Name, string Description, ParameterBlock Block);
