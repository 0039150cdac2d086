using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;
using HelpBuilder.Pages;

namespace HelpBuilder.Commands;

/// <summary>Creates the page of a new command, and updates the facts on an existing page. Existing prose is not changed.</summary>
internal static partial class PageDraft
{
    private const string FillIn = "{{ Fill in }}";

    private const string CommonParameters = """
        This cmdlet supports the common parameters: -Debug, -ErrorAction, -ErrorVariable,
        -InformationAction, -InformationVariable, -OutBuffer, -OutVariable, -PipelineVariable,
        -ProgressAction, -Verbose, -WarningAction, and -WarningVariable. For more information, see
        [about_CommonParameters](https://go.microsoft.com/fwlink/?LinkID=113216).
        """;

    public static CommandPage Make(CmdletInfo command, XmlComments comments) => Refresh(
        new CommandPage
        {
            Name = command.Name,
            FrontMatter =
            [
                new("document type", "cmdlet"),
                new("external help file", Path.GetFileName(command.HelpFile)),
                new("HelpUri", "''"),
                new("Locale", "en-US"),
                new("Module Name", command.ModuleName),
                new("ms.date", DateTime.UtcNow.ToString("MM/dd/yyyy", CultureInfo.InvariantCulture)),
                new("PlatyPS schema version", "2024-05-01"),
                new("title", command.Name),
            ],
            Synopsis = comments.OfType(command.ImplementingType) ?? FillIn,
            Description = FillIn,
            Examples = [.. Enumerable.Range(1, 3).Select(number => new ExampleEntry(number, FillIn, $"{FillIn}\n\n```powershell\n{command.Name}\n```"))],
            Notes = FillIn,
            RelatedLinks = "- [about_Acm](../about_Acm.md)",
        },
        command,
        comments);

    public static CommandPage Refresh(CommandPage page, CmdletInfo command, XmlComments comments)
    {
        CommandFacts facts = CommandFacts.Of(command);
        return page with
        {
            Syntaxes = facts.Syntaxes,
            Parameters = [.. facts.Parameters.Select(parameter => Merge(parameter, page.Parameters.FirstOrDefault(p => p.Name == parameter.Name), command, comments))],
            CommonParameters = CommonParameters.ReplaceLineEndings("\n"),
            Inputs = Merge(facts.Inputs, page.Inputs),
            Outputs = Merge(facts.Outputs, page.Outputs),
        };
    }

    private static ParameterEntry Merge(ParameterFacts parameter, ParameterEntry? written, CmdletInfo command, XmlComments comments)
    {
        string description = written?.Description ?? Standard(parameter.Name) ?? comments.OfProperty(command.ImplementingType, parameter.Name) ?? FillIn;
        string defaultValue = parameter.Block.DefaultValue.Length > 0 ? parameter.Block.DefaultValue : written?.Block.DefaultValue ?? "None";
        return new ParameterEntry(parameter.Name, SentenceALine(description), parameter.Block with { DefaultValue = defaultValue });
    }

    private static string? Standard(string parameter) => parameter switch
    {
        "Confirm" => "Prompts you for confirmation before running the cmdlet.",
        "WhatIf" => "Runs the command in a mode that only reports what would happen without performing the actions.",
        _ => null,
    };

    private static List<TypeEntry> Merge(IReadOnlyList<string> names, IReadOnlyList<TypeEntry> written) =>
        [.. written.Where(entry => names.Contains(entry.Name)), .. names.Where(name => written.All(entry => entry.Name != name)).Select(name => new TypeEntry(name, FillIn))];

    // Wraps lines as platyPS does for text from MAML, so that its update finds no differences.
    private static string SentenceALine(string text) => SentenceEnd().Replace(Space().Replace(text, " "), ".\n");

    [GeneratedRegex(@"\. ")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
