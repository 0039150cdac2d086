namespace HelpBuilder.Pages;

/// <summary>A heading, the markdown under it up to the next heading, and the headings one level below.</summary>
internal sealed record Section(string Title, string Body, IReadOnlyList<Section> Children);
