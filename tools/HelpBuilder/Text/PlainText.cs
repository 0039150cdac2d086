using System.Text;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace HelpBuilder.Text;

/// <summary>Converts Markdown to plain text: without markup, wrapped, and with tables in columns.</summary>
internal sealed class PlainText(int width)
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().Build();

    /// <summary>The width for readers that wrap lines themselves.</summary>
    public static PlainText Unwrapped { get; } = new(int.MaxValue);

    /// <summary>Returns the blocks of a text with LF between their lines, without comments.</summary>
    public IReadOnlyList<string> Blocks(string markdown) => [.. Markdown.Parse(markdown, Pipeline).Where(IsShown).Select(Block)];

    /// <summary>Returns the text of a block.</summary>
    public string Block(Block block) => block switch
    {
        FencedCodeBlock or Markdig.Syntax.CodeBlock => Indent(((LeafBlock)block).Lines.ToString().ReplaceLineEndings("\n"), "    ", "    "),
        ListBlock list => List(list),
        Table table => new TextTable(width).Lay(Cells(table)),
        QuoteBlock quote => Indent(new PlainText(width - 2).Together(quote), "  ", "  "),
        LeafBlock { Inline: { } inline } => Wrap(Inline(inline)),
        ContainerBlock container => Together(container),
        _ => "",
    };

    /// <summary>Returns the text of a line of Markdown.</summary>
    public static string Words(string markdown) => string.Join(' ', Unwrapped.Blocks(markdown));

    private string Together(ContainerBlock container) => string.Join("\n", container.Where(IsShown).Select(Block));

    private string List(ListBlock list)
    {
        int number = int.TryParse(list.OrderedStart, out int start) ? start : 1;
        IEnumerable<string> items = list.OfType<ListItemBlock>().Select(item =>
        {
            string mark = list.IsOrdered ? $"{number++}. " : "- ";
            return Indent(new PlainText(width == int.MaxValue ? width : width - mark.Length).Together(item), mark, new string(' ', mark.Length));
        });
        return string.Join("\n", items);
    }

    private static List<IReadOnlyList<string>> Cells(Table table) =>
        [.. table.OfType<TableRow>().Select(row => (IReadOnlyList<string>)[.. row.OfType<TableCell>().Select(cell => Unwrapped.Together(cell))])];

    private static string Indent(string text, string first, string next) => first + text.Replace("\n", "\n" + next, StringComparison.Ordinal);

    private static bool IsShown(Block block) => block is not (HtmlBlock or LinkReferenceDefinitionGroup or ThematicBreakBlock);

    private string Wrap(string text) => LineWrap.Wrap(text, width);

    private static string Inline(ContainerInline container)
    {
        var text = new StringBuilder();
        foreach (Inline inline in container)
        {
            text.Append(inline switch
            {
                LiteralInline literal => literal.Content.ToString(),
                CodeInline code => code.Content,
                LineBreakInline => " ",
                AutolinkInline link => link.Url,
                HtmlEntityInline entity => entity.Transcoded.ToString(),
                LinkInline link => Link(link),
                ContainerInline nested => Inline(nested),
                _ => "",
            });
        }

        return text.ToString();
    }

    // Links to other pages are replaced by their names, because Get-Help cannot open files.
    private static string Link(LinkInline link)
    {
        string words = Inline(link);
        return link.Url is { } url && url.Contains("://", StringComparison.Ordinal) && url != words ? $"{words} ({url})" : words;
    }
}
