namespace HelpBuilder.Pages;

/// <summary>A type that is read from the pipeline or written to it.</summary>
internal sealed record TypeEntry(string Name, string Description);
