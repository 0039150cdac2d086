using System.Text.RegularExpressions;
using HelpBuilder.Commands;
using HelpBuilder.Pages;

namespace Acm.Tests.Docs;

/// <summary>Each help page matches its compiled command.</summary>
public sealed partial class PageTests
{
    public static TheoryData<string> Commands => [.. ModuleCommands.All.Select(command => command.Name)];

    public static TheoryData<string> Written => [.. DocsFolder.Pages.Select(page => page.Name)];

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_command_has_a_page(string command) => Assert.Contains(command, DocsFolder.Pages.Select(page => page.Name));

    [Theory]
    [MemberData(nameof(Written))]
    public void A_page_has_a_command_and_is_named_after_it(string name)
    {
        CommandPage page = DocsFolder.Page(name);

        Assert.Contains(name, ModuleCommands.All.Select(command => command.Name));
        Assert.True(File.Exists(Path.Combine(DocsFolder.Root, "cmdlets", name + ".md")), "The file has another name.");
        Assert.Equal(
            ["document type: cmdlet", "external help file: AcmPowerShell.dll-Help.xml", "Locale: en-US", "Module Name: Acm", "PlatyPS schema version: 2024-05-01", $"title: {name}"],
            page.FrontMatter.Where(pair => pair.Key is not ("HelpUri" or "ms.date")).Select(pair => $"{pair.Key}: {pair.Value}"));
        Assert.Contains(page.FrontMatter, pair => pair.Key == "HelpUri");
        Assert.Matches(@"^\d\d/\d\d/\d{4}$", page.FrontMatter.First(pair => pair.Key == "ms.date").Value);
    }

    [Theory]
    [MemberData(nameof(Written))]
    public void The_syntax_is_the_commands(string name) =>
        Assert.Equal(CommandFacts.Of(ModuleCommands.Named(name)).Syntaxes, DocsFolder.Page(name).Syntaxes);

    [Theory]
    [MemberData(nameof(Written))]
    public void The_parameters_are_the_commands_in_their_order(string name) =>
        Assert.Equal(CommandFacts.Of(ModuleCommands.Named(name)).Parameters.Select(p => p.Name), DocsFolder.Page(name).Parameters.Select(p => p.Name));

    [Theory]
    [MemberData(nameof(Written))]
    public void Each_parameter_is_as_the_command_has_it(string name)
    {
        CommandPage page = DocsFolder.Page(name);

        foreach (ParameterFacts expected in CommandFacts.Of(ModuleCommands.Named(name)).Parameters)
        {
            ParameterBlock written = page.Parameters.First(parameter => parameter.Name == expected.Name).Block;
            // If a parameter has no default, the page describes the behavior without it.
            ParameterBlock facts = expected.Block.DefaultValue.Length == 0 ? expected.Block with { DefaultValue = written.DefaultValue } : expected.Block;
            Assert.Equal(facts.ToYaml(), written.ToYaml());
            Assert.NotEqual("", written.DefaultValue);
        }
    }

    [Theory]
    [MemberData(nameof(Written))]
    public void What_is_read_and_written_is_what_the_command_declares(string name)
    {
        CommandFacts facts = CommandFacts.Of(ModuleCommands.Named(name));
        CommandPage page = DocsFolder.Page(name);

        Assert.Equal(facts.Inputs.Order(StringComparer.Ordinal), page.Inputs.Select(input => input.Name).Order(StringComparer.Ordinal));
        Assert.Equal(facts.Outputs.Order(StringComparer.Ordinal), page.Outputs.Select(output => output.Name).Order(StringComparer.Ordinal));
        Assert.All([.. page.Inputs, .. page.Outputs], entry => Assert.NotEqual("", entry.Description));
    }

    [Theory]
    [MemberData(nameof(Written))]
    public void All_of_it_is_written(string name)
    {
        CommandPage page = DocsFolder.Page(name);

        Assert.DoesNotContain("{{", PageWriter.Write(page), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', page.Synopsis);
        Assert.True(page.Description.Length > 200, "The description has to say what the command does and what happens on failure.");
        Assert.NotEqual("", page.Notes);
        Assert.True(page.Examples.Count >= 3, "Three examples are the least.");
        Assert.Equal(Enumerable.Range(1, page.Examples.Count), page.Examples.Select(example => example.Number));
        Assert.All(page.Examples, example => Assert.Contains(example.Blocks, block => block.Language == "powershell"));
        Assert.All(page.Parameters, parameter => Assert.NotEqual("", parameter.Description));
    }

    // Get-Help shows them unchanged, so platyPS finds the same text in the help and on the page.
    [Theory]
    [MemberData(nameof(Written))]
    public void A_parameters_description_is_one_paragraph_of_plain_sentences_each_on_its_line(string name)
    {
        foreach (ParameterEntry parameter in DocsFolder.Page(name).Parameters)
        {
            Assert.DoesNotMatch(Markup(), parameter.Description);
            Assert.All(parameter.Description.Split('\n'), line => Assert.EndsWith(".", line, StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Written))]
    public void A_link_leads_to_a_page_or_a_topic(string name)
    {
        IEnumerable<Match> links = Link().Matches(PageWriter.Write(DocsFolder.Page(name)));

        Assert.All(
            links.Select(link => link.Groups["target"].Value).Where(target => !target.Contains("://", StringComparison.Ordinal)),
            target => Assert.True(File.Exists(Path.Combine(DocsFolder.Root, "cmdlets", target)), $"{target} is not there."));
    }

    [Theory]
    [MemberData(nameof(Written))]
    public void A_page_is_as_the_writer_writes_it(string name) =>
        Assert.Equal(PageWriter.Write(DocsFolder.Page(name)), File.ReadAllText(Path.Combine(DocsFolder.Root, "cmdlets", name + ".md")).ReplaceLineEndings("\n"));

    [GeneratedRegex(@"[`*_]{1,3}\S[^`*]*[`*_]|\n\n|\. \S|\]\(")]
    private static partial Regex Markup();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();
}
