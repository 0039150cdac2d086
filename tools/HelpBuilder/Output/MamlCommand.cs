using System.Globalization;
using System.Xml.Linq;
using HelpBuilder.Pages;
using HelpBuilder.Text;
using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace HelpBuilder.Output;

/// <summary>A command's page in MAML.</summary>
internal static class MamlCommand
{
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    // PowerShell breaks lines between words for some languages only (StringManipulationHelper in its sources), not without a locale. Lines that fit 80 columns with its indent are not broken.
    private static readonly PlainText Text = new(75);
    private static readonly PlainText Indented = new(71);

    public static XElement Write(CommandPage page)
    {
        string[] name = page.Name.Split('-');
        return new XElement(
            Command + "command",
            new XAttribute(XNamespace.Xmlns + "command", Command),
            new XAttribute(XNamespace.Xmlns + "maml", Maml),
            new XAttribute(XNamespace.Xmlns + "dev", Dev),
            new XElement(
                Command + "details",
                new XElement(Command + "name", page.Name),
                new XElement(Command + "verb", name[0]),
                new XElement(Command + "noun", name[^1]),
                Prose(Maml + "description", page.Synopsis, PlainText.Unwrapped)),
            Prose(Maml + "description", page.Description, Text),
            new XElement(Command + "syntax", page.Syntaxes.Select(syntax => Syntax(page, syntax))),
            new XElement(Command + "parameters", page.Parameters.Select(parameter => Parameter(parameter, parameter.Block.ParameterSets[0], parameter.Block.ParameterSets))),
            new XElement(Command + "inputTypes", page.Inputs.Select(input => Type(Command + "inputType", input))),
            new XElement(Command + "returnValues", page.Outputs.Select(output => Type(Command + "returnValue", output))),
            new XElement(Maml + "alertSet", new[] { page.Notes, SeeAlso(page) }.Where(text => text.Length > 0).Select(text => Prose(Maml + "alert", text, Indented))),
            new XElement(Command + "examples", page.Examples.Select(Example)));
    }

    private static XElement Prose(XName name, string markdown, PlainText layout) =>
        new(name, layout.Blocks(markdown).Select(block => new XElement(Maml + "para", block)));

    private static XElement Syntax(CommandPage page, SyntaxEntry syntax)
    {
        IEnumerable<XElement> parameters = page.Parameters
            .Select(parameter => (Parameter: parameter, Set: SetOf(parameter, syntax.ParameterSet)))
            .Where(item => item.Set is not null && !item.Parameter.Block.DontShow)
            .OrderBy(item => int.TryParse(item.Set!.Position, CultureInfo.InvariantCulture, out int position) ? position : int.MaxValue)
            .ThenByDescending(item => item.Set!.IsRequired)
            .Select(item => Parameter(item.Parameter, item.Set!, [item.Set!]));
        return new XElement(Command + "syntaxItem", new XElement(Maml + "name", page.Name), parameters);
    }

    private static ParameterSetBlock? SetOf(ParameterEntry parameter, string set) =>
        parameter.Block.ParameterSets.FirstOrDefault(candidate => candidate.Name == set || candidate.Name == "(All)");

    private static XElement Parameter(ParameterEntry parameter, ParameterSetBlock set, IReadOnlyList<ParameterSetBlock> pipelineSets)
    {
        ParameterBlock block = parameter.Block;
        bool isSwitch = block.Type.EndsWith(".SwitchParameter", StringComparison.Ordinal);
        return new XElement(
            Command + "parameter",
            new XAttribute("required", Lower(set.IsRequired)),
            new XAttribute("variableLength", Lower(block.Type.EndsWith("[]", StringComparison.Ordinal))),
            new XAttribute("globbing", Lower(block.SupportsWildcards)),
            new XAttribute("pipelineInput", PipelineInput(pipelineSets)),
            new XAttribute("position", set.Position.ToLowerInvariant()),
            new XAttribute("aliases", block.Aliases.Count == 0 ? "none" : string.Join(", ", block.Aliases)),
            new XElement(Maml + "name", parameter.Name),
            Prose(Maml + "description", parameter.Description, Indented),
            block.AcceptedValues.Count == 0 ? null : new XElement(
                Command + "parameterValueGroup",
                block.AcceptedValues.Select(value => new XElement(Command + "parameterValue", new XAttribute("required", "false"), new XAttribute("variableLength", "false"), value))),
            isSwitch ? null : new XElement(
                Command + "parameterValue",
                new XAttribute("required", "true"),
                new XAttribute("variableLength", Lower(block.Type.EndsWith("[]", StringComparison.Ordinal))),
                ShortName(block.Type)),
            new XElement(Dev + "type", new XElement(Maml + "name", block.Type), new XElement(Maml + "uri")),
            new XElement(Dev + "defaultValue", block.DefaultValue));
    }

    private static string PipelineInput(IReadOnlyList<ParameterSetBlock> sets)
    {
        string[] ways = [.. new[] { (sets.Any(s => s.ValueFromPipeline), "ByValue"), (sets.Any(s => s.ValueFromPipelineByPropertyName), "ByPropertyName") }.Where(way => way.Item1).Select(way => way.Item2)];
        return ways.Length == 0 ? "False" : $"True ({string.Join(", ", ways)})";
    }

    private static XElement Type(XName name, TypeEntry entry) => new(
        name,
        new XElement(Dev + "type", new XElement(Maml + "name", entry.Name)),
        Prose(Maml + "description", entry.Description, Indented));

    // Get-Help shows the first code block as the code of the example, followed by the text and output. It trims both ends of a paragraph, so indented output would lose
    // the indentation of its first line. The last paragraph is empty to separate the next title.
    private static XElement Example(ExampleEntry example)
    {
        MarkdownDocument body = Markdown.Parse(example.Body, new MarkdownPipelineBuilder().UsePipeTables().Build());
        Block? code = body.FirstOrDefault(block => block is FencedCodeBlock { Info: "powershell" });
        return new XElement(
            Command + "example",
            new XElement(Maml + "title", $"--- Example {example.Number}: {PlainText.Words(example.Title)} ---"),
            new XElement(Dev + "code", (code as FencedCodeBlock)?.Lines.ToString().ReplaceLineEndings("\n")),
            new XElement(Dev + "remarks", body.Where(block => block != code).Select(block => new XElement(Maml + "para", Remark(block) + "\n")), new XElement(Maml + "para")));
    }

    private static string Remark(Block block) => block is FencedCodeBlock output ? output.Lines.ToString().ReplaceLineEndings("\n") : Text.Block(block);

    // Related links are omitted, because Get-Help would suggest -Online, which has no address to open.
    private static string SeeAlso(CommandPage page)
    {
        string[] names = [.. Markdown.Parse(page.RelatedLinks).Descendants<LinkInline>().Select(link => (link.FirstChild as LiteralInline)?.Content.ToString()).OfType<string>()];
        return names.Length == 0 ? "" : $"See also: {string.Join(", ", names)}.";
    }

    private static string ShortName(string type) => type[(type.LastIndexOf('.') + 1)..] is var name && type.StartsWith("System.Nullable`1[", StringComparison.Ordinal) ? name.TrimEnd(']') : name;

    private static string Lower(bool value) => value ? "true" : "false";
}
