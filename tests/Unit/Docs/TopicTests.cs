using System.Management.Automation;
using System.Text.RegularExpressions;
using Acm.Client;
using HelpBuilder.Output;

namespace Acm.Tests.Docs;

/// <summary>Topics only mention existing commands, parameters and error IDs.</summary>
public sealed partial class TopicTests
{
    public static TheoryData<string> Topics => [.. DocsFolder.Topics.Select(topic => Path.GetFileNameWithoutExtension(topic))];

    [Theory]
    [MemberData(nameof(Topics))]
    public void Each_command_that_it_names_is_there(string topic)
    {
        IEnumerable<string> named = CommandName().Matches(Markdown(topic)).Select(match => match.Value).Distinct();

        Assert.Empty(named.Except(ModuleCommands.All.Select(command => command.Name)));
    }

    [Theory]
    [MemberData(nameof(Topics))]
    public void Each_parameter_that_it_names_is_a_commands(string topic)
    {
        IEnumerable<string> named = Code().Matches(Markdown(topic)).SelectMany(code => ParameterName().Matches(code.Value)).Select(match => match.Groups["name"].Value).Distinct();

        Assert.Empty(named.Except(ModuleCommands.All.SelectMany(command => command.Parameters.Keys)).Except(NotOurs));
    }

    [Theory]
    [MemberData(nameof(Topics))]
    public void It_is_plain_text_of_eighty_columns_whose_fifth_line_is_the_synopsis(string topic)
    {
        string[] lines = AboutTopic.Render(Path.Combine(DocsFolder.Root, topic + ".md")).Split('\n');

        Assert.Equal(["TOPIC", "    " + topic, "", "SHORT DESCRIPTION"], lines[..4]);
        Assert.Matches(@"^    \S.*\.$", lines[4]);
        Assert.Equal("", lines[5]);
        // Code and URLs may exceed the line length.
        Assert.DoesNotContain(lines, line => line.Length > 80 && line.Trim().Contains(' ') && !line.StartsWith("        ", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains('`') || line.Contains("**", StringComparison.Ordinal));
    }

    [Fact]
    public void The_topic_of_the_errors_has_every_kind_with_its_category_and_nothing_else()
    {
        Dictionary<string, string> written = ErrorRow().Matches(Markdown("about_Acm_Errors")).ToDictionary(row => row.Groups["id"].Value, row => row.Groups["category"].Value);

        foreach (AcmErrorKind kind in Enum.GetValues<AcmErrorKind>())
        {
            Assert.True(written.Remove("Acm" + kind, out string? category), $"Acm{kind} is missing.");
            Assert.True(Enum.TryParse(category, out ErrorCategory _), $"{category} is no category.");
        }

        Assert.Equal(IdsOfTheCommands, written.Keys.Order(StringComparer.Ordinal));
    }

    // Error IDs of the shell and of other modules.
    private static readonly string[] NotOurs = ["First", "Force", "ItemType", "NoNewline", "Parallel"];

    // Error IDs of cmdlets without an error kind of the engine.
    private static IEnumerable<string> IdsOfTheCommands { get; } = Directory
        .EnumerateFiles(Path.Combine(DocsFolder.Root, "..", "src", "AcmPowerShell"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        .SelectMany(file => ErrorId().Matches(File.ReadAllText(file)))
        .Select(match => match.Groups["id"].Value)
        .Except(Enum.GetNames<AcmErrorKind>().Select(kind => "Acm" + kind))
        .Distinct()
        .Order(StringComparer.Ordinal)
        .ToList();

    private static string Markdown(string topic) => File.ReadAllText(Path.Combine(DocsFolder.Root, topic + ".md"));

    [GeneratedRegex(@"\b[A-Z][a-z]+-Acm[A-Za-z]*\b")]
    private static partial Regex CommandName();

    [GeneratedRegex(@"`[^`\n]+`|```.*?```", RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(@"(?<=[`\s(])-(?<name>[A-Z][A-Za-z]+)")]
    private static partial Regex ParameterName();

    [GeneratedRegex(@"^\| (?<id>Acm\w+) \| (?<category>\w+) \|", RegexOptions.Multiline)]
    private static partial Regex ErrorRow();

    [GeneratedRegex(@"""(?<id>Acm[A-Z]\w+)"", ErrorCategory\.")]
    private static partial Regex ErrorId();
}
