using System.Text;

namespace HelpBuilder.Pages;

/// <summary>Writes a command's page in the schema's order, with one blank line between its parts.</summary>
internal static class PageWriter
{
    public static string Write(CommandPage page)
    {
        var text = new StringBuilder("---\n");
        foreach ((string key, string value) in page.FrontMatter) text.Append(key).Append(": ").Append(value).Append('\n');
        text.Append("---\n\n");

        Add(text, "# " + page.Name);
        Add(text, "## SYNOPSIS", page.Synopsis);
        Add(text, "## SYNTAX");
        foreach (SyntaxEntry syntax in page.Syntaxes)
            Add(text, $"### {syntax.ParameterSet}{(syntax.IsDefault ? " (Default)" : "")}", $"```\n{syntax.Text}\n```");
        Add(text, "## ALIASES", page.Aliases);
        Add(text, "## DESCRIPTION", page.Description);
        Add(text, "## EXAMPLES", page.ExamplesNote);
        foreach (ExampleEntry example in page.Examples) Add(text, $"### Example {example.Number}: {example.Title}", example.Body);
        Add(text, "## PARAMETERS");
        foreach (ParameterEntry parameter in page.Parameters)
            Add(text, "### -" + parameter.Name, parameter.Description, $"```yaml\n{parameter.Block.ToYaml()}\n```");
        Add(text, "### CommonParameters", page.CommonParameters);
        Add(text, "## INPUTS");
        foreach (TypeEntry input in page.Inputs) Add(text, "### " + input.Name, input.Description);
        Add(text, "## OUTPUTS");
        foreach (TypeEntry output in page.Outputs) Add(text, "### " + output.Name, output.Description);
        Add(text, "## NOTES", page.Notes);
        Add(text, "## RELATED LINKS", page.RelatedLinks);
        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static void Add(StringBuilder text, params ReadOnlySpan<string> blocks)
    {
        foreach (string block in blocks)
            if (block.Length > 0) text.Append(block).Append("\n\n");
    }
}
