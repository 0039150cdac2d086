namespace HelpBuilder.Pages;

/// <summary>An example: its title after the number, and everything under it in markdown.</summary>
internal sealed record ExampleEntry(int Number, string Title, string Body)
{
    /// <summary>The PowerShell in it, block by block.</summary>
    public IReadOnlyList<CodeBlock> Blocks => CodeBlock.Find(Body);
}
