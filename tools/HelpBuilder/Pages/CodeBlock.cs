using Markdig;
using Markdig.Syntax;

namespace HelpBuilder.Pages;

/// <summary>A fenced block: its language in lower case, and its text.</summary>
internal sealed record CodeBlock(string Language, string Text)
{
    public static IReadOnlyList<CodeBlock> Find(string markdown) =>
        [.. Markdown.Parse(markdown).OfType<FencedCodeBlock>().Select(block => new CodeBlock((block.Info ?? "").ToLowerInvariant(), block.Lines.ToString().ReplaceLineEndings("\n")))];
}
