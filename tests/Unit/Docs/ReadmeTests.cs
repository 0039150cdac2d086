using System.Text.RegularExpressions;
using Acm.Tests.Support;
using ModulePackager;

namespace Acm.Tests.Docs;

public sealed partial class ReadmeTests
{
    private static readonly string Root = Path.GetDirectoryName(DocsFolder.Root)!;
    private static readonly string Text = File.ReadAllText(Path.Combine(Root, "README.md"));

    [Fact]
    public void The_table_of_commands_is_complete()
    {
        string table = Text[Text.IndexOf("## Commands", StringComparison.Ordinal)..Text.IndexOf("## Not verified", StringComparison.Ordinal)];

        IEnumerable<string> commands = table.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).SelectMany(line => Command().Matches(line.Split('|')[1]).Select(match => match.Value));

        Assert.Equal(ModuleManifest.Read(ModuleShell.Manifest).All("CmdletsToExport").Order(StringComparer.Ordinal), commands.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Each_link_to_a_file_of_the_repository_leads_to_one() =>
        Assert.All(
            Link().Matches(Text).Select(match => match.Groups[1].Value).Where(link => !link.StartsWith("https://", StringComparison.Ordinal)),
            link => Assert.True(File.Exists(Path.Combine(Root, link)) || Directory.Exists(Path.Combine(Root, link)), link));

    [GeneratedRegex("[A-Z][a-z]+-Acm[A-Za-z]*")]
    private static partial Regex Command();

    [GeneratedRegex(@"\]\(([^)]+)\)")]
    private static partial Regex Link();
}
