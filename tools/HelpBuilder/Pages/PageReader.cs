using System.Globalization;
using System.Text.RegularExpressions;
using YamlDotNet.Core;

namespace HelpBuilder.Pages;

/// <summary>Reads a command's page. Elements that are not in the schema are errors, so that no text is lost.</summary>
internal static partial class PageReader
{
    private static readonly string[] Order =
        ["SYNOPSIS", "SYNTAX", "ALIASES", "DESCRIPTION", "EXAMPLES", "PARAMETERS", "INPUTS", "OUTPUTS", "NOTES", "RELATED LINKS"];

    /// <exception cref="HelpException">The page does not match the schema.</exception>
    public static CommandPage Read(string file)
    {
        string text = File.ReadAllText(file).ReplaceLineEndings("\n");
        Match match = FrontMatterPattern().Match(text);
        if (!match.Success) throw new HelpException(file, "The page does not begin with a front matter between two lines of '---'.");

        IReadOnlyList<Section> pages = SectionReader.Read(text[match.Length..], level: 1);
        if (pages.Count != 1) throw new HelpException(file, "The page has to have one heading of level 1, the command's name.");

        Section page = pages[0];
        if (!page.Children.Select(child => child.Title).SequenceEqual(Order))
            throw new HelpException(file, $"The headings of level 2 have to be, in this order: {string.Join(", ", Order)}.");

        Section Part(string title) => page.Children.First(child => child.Title == title);
        return new CommandPage
        {
            Name = page.Title,
            FrontMatter = ReadFrontMatter(match.Groups["lines"].Value),
            Synopsis = Part("SYNOPSIS").Body,
            Syntaxes = [.. Part("SYNTAX").Children.Select(child => ReadSyntax(file, child))],
            Aliases = Part("ALIASES").Body,
            Description = Part("DESCRIPTION").Body,
            ExamplesNote = Part("EXAMPLES").Body,
            Examples = [.. Part("EXAMPLES").Children.Select(child => ReadExample(file, child))],
            Parameters = [.. Part("PARAMETERS").Children.Where(child => child.Title.StartsWith('-')).Select(child => ReadParameter(file, child))],
            CommonParameters = Part("PARAMETERS").Children.FirstOrDefault(child => child.Title == "CommonParameters")?.Body ?? "",
            Inputs = [.. Part("INPUTS").Children.Select(child => new TypeEntry(child.Title, child.Body))],
            Outputs = [.. Part("OUTPUTS").Children.Select(child => new TypeEntry(child.Title, child.Body))],
            Notes = Part("NOTES").Body,
            RelatedLinks = Part("RELATED LINKS").Body,
        };
    }

    private static List<KeyValuePair<string, string>> ReadFrontMatter(string lines) =>
        [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(':', 2)).Select(pair => KeyValuePair.Create(pair[0].Trim(), pair.Length > 1 ? pair[1].Trim() : ""))];

    private static SyntaxEntry ReadSyntax(string file, Section section)
    {
        const string Default = " (Default)";
        if (CodeBlock.Find(section.Body) is not [CodeBlock code]) throw new HelpException(file, $"The syntax '{section.Title}' has to have one code block.");

        bool isDefault = section.Title.EndsWith(Default, StringComparison.Ordinal);
        return new SyntaxEntry(isDefault ? section.Title[..^Default.Length] : section.Title, isDefault, code.Text);
    }

    private static ExampleEntry ReadExample(string file, Section section)
    {
        Match match = ExampleTitle().Match(section.Title);
        if (!match.Success) throw new HelpException(file, $"'{section.Title}' is no title of an example: 'Example 1: What it shows'.");
        return new ExampleEntry(int.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture), match.Groups["title"].Value, section.Body);
    }

    private static ParameterEntry ReadParameter(string file, Section section)
    {
        int start = section.Body.LastIndexOf("```yaml\n", StringComparison.Ordinal);
        if (start < 0 || CodeBlock.Find(section.Body[start..]) is not [CodeBlock code]) throw new HelpException(file, $"{section.Title} has no yaml block at its end.");
        try
        {
            return new ParameterEntry(section.Title.TrimStart('-'), section.Body[..start].Trim(), ParameterBlock.Parse(code.Text));
        }
        catch (YamlException e)
        {
            throw new HelpException(file, $"The yaml block of {section.Title} can't be read: {e.Message}", e);
        }
    }

    [GeneratedRegex(@"\A---\n(?<lines>.*?)\n---\n", RegexOptions.Singleline)]
    private static partial Regex FrontMatterPattern();

    [GeneratedRegex(@"^Example (?<number>\d+): (?<title>.+)$")]
    private static partial Regex ExampleTitle();
}
