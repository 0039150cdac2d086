using System.Xml.Linq;
using Acm.Tests.Support;

namespace Acm.Tests.Docs;

/// <summary>Get-Help finds the help of the staged module for both target frameworks.</summary>
public sealed class GetHelpTests
{
    private const string Script = """
        $ErrorActionPreference = 'Stop'
        $help = Get-Help Get-AcmConfig -Full
        "synopsis: $($help.Synopsis)"
        "examples: $($help.examples.example.Count), $($help.examples.example[0].code)"
        "outputs: $($help.returnValues.returnValue.type.name -join ' ')"
        $group = Get-Help Get-AcmConfig -Parameter Group
        "group: $($group.defaultValue) $($group.pipelineInput) $($group.position) $($group.globbing)"
        "online: $((Get-Help Get-AcmConfig | Out-String -Width 200) -like '*-Online*'), $((Get-Help Get-AcmConfig -Full | Out-String -Width 200) -like '*See also: Find-AcmConfig,*')"
        "topic: $((Get-Help about_Acm).Split([char]10)[1].Trim())"
        "no help: $(Get-Command -Module Acm | Where-Object { -not (Get-Help $_.Name).description } | ForEach-Object Name | Sort-Object)"
        """;

    [Theory]
    [InlineData("Core")]
    [InlineData("Desktop")]
    public async Task Get_Help_teaches(string flavour)
    {
        ShellResult shell = await PowerShellProcess.RunAsync(
            ["-NonInteractive", "-Command", Script], "", new Dictionary<string, string?> { ["ACM_FLAVOUR"] = flavour == "Core" ? null : $"/../{flavour}" });

        Assert.Equal("", shell.Errors);
        HelpBuilder.Pages.CommandPage page = DocsFolder.Page("Get-AcmConfig");
        Assert.Equal(
            [
                $"synopsis: {page.Synopsis}",
                $"examples: {page.Examples.Count}, Get-AcmConfig gateway.yaml",
                "outputs: Acm.Client.AcmConfig Acm.Client.ConfigItem System.String",
                "group: DEFAULT_GROUP for a name, all for a wildcard True (ByPropertyName) 1 true",
                "online: False, True",
                "topic: about_Acm",
                $"no help: {string.Join(' ', ModuleCommands.All.Select(command => command.Name).Except(DocsFolder.Pages.Select(p => p.Name)).Order())}",
            ],
            shell.Output.Split('\n'));
    }

    [Fact]
    public void Output_in_examples_keeps_its_columns_where_Get_Help_trims_each_paragraph()
    {
        XNamespace maml = "http://schemas.microsoft.com/maml/2004/10";
        XDocument help = XDocument.Load(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(ModuleShell.Manifest)!, "en-US", "AcmPowerShell.dll-Help.xml"));
        XElement[] remarks = [.. help.Descendants().Where(element => element.Name.LocalName == "remarks")];

        Assert.NotEmpty(remarks);
        Assert.All(remarks, remark => Assert.Equal("", remark.Elements(maml + "para").Last().Value));
        Assert.DoesNotContain(remarks.Elements(maml + "para"), para => para.Value.StartsWith(' ') && para.Value.TrimEnd().Contains('\n', StringComparison.Ordinal));
    }

    // Without a locale PowerShell breaks a line that is too long within a word.
    [Fact]
    public void Text_fits_eighty_columns_with_the_indent_of_Get_Help()
    {
        XNamespace maml = "http://schemas.microsoft.com/maml/2004/10";
        XDocument help = XDocument.Load(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(ModuleShell.Manifest)!, "en-US", "AcmPowerShell.dll-Help.xml"));
        string[] lines = [.. help.Descendants(maml + "description").Concat(help.Descendants(maml + "title")).SelectMany(element => element.Elements().DefaultIfEmpty(element)).SelectMany(para => para.Value.Split('\n'))];

        Assert.NotEmpty(lines);
        Assert.DoesNotContain(lines, line => line.Length > 76 && line.Trim().Contains(' ', StringComparison.Ordinal));
    }
}
