using System.Text.RegularExpressions;
using Acm.Tests.Local;

namespace Acm.Tests.Docs;

/// <summary>The engine is built as docs/architecture.md says: the same folders, the same dependencies, no cycle.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly FolderGraph Engine = FolderGraph.Of(Path.Combine(DocsFolder.Root, "..", "src", "Acm.Client"));

    [Fact]
    public void No_folder_of_the_engine_is_in_a_cycle() => Assert.Empty(Engine.Circle());

    [Fact]
    public void The_page_has_every_folder_and_every_dependency_and_no_other()
    {
        Dictionary<string, string> page = Rows().Matches(File.ReadAllText(Path.Combine(DocsFolder.Root, "architecture.md")))
            .ToDictionary(row => row.Groups[1].Value, row => string.Join(", ", Rooms().Matches(row.Groups[2].Value).Select(room => room.Groups[1].Value).Order(StringComparer.Ordinal)));

        Assert.Equal(Engine.Arrows.ToDictionary(pair => pair.Key, pair => string.Join(", ", pair.Value)), page);
    }

    [Fact]
    public void A_command_is_at_most_three_bases_deep()
    {
        Dictionary<string, string> bases = Directory.EnumerateFiles(Path.Combine(DocsFolder.Root, "..", "src", "AcmPowerShell"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Cmdlets().Matches(File.ReadAllText(file)))
            .DistinctBy(match => match.Groups[1].Value)
            .ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
        string[] commands = [.. bases.Keys.Where(name => name.EndsWith("Command", StringComparison.Ordinal))];

        Assert.Equal(3, commands.Max(Depth));

        int Depth(string name) => bases.TryGetValue(bases[name], out _) ? 1 + Depth(bases[name]) : 0;
    }

    [Fact]
    public void A_graph_finds_arrows_by_namespace_and_by_type_and_circles()
    {
        using var folder = new TemporaryFolder();
        Write("Model.cs", "namespace P;\npublic sealed class Model { }");
        Write("A/One.cs", "using P.B;\nnamespace P.A;\ninternal sealed class One { }");
        Write("B/Two.cs", "namespace P.B;\n// A comment names One.\ninternal sealed class Two { Model? Model; string s = \"Three\"; }");
        Write("C/Three.cs", "using P.C.Deep;\nnamespace P.C;\ninternal sealed class Three { }");
        Write("C/Deep/Four.cs", "namespace P.C.Deep;\ninternal sealed class Four { Three? _three; }");

        var graph = FolderGraph.Of(folder.Path);

        Assert.Equal(["A: B", "B: .", "C/Deep: C", "C: C/Deep"], graph.Arrows.Where(pair => pair.Value.Count > 0).Select(pair => $"{pair.Key}: {string.Join(", ", pair.Value)}").Order(StringComparer.Ordinal));
        Assert.Equal(["C", "C/Deep"], graph.Circle());

        void Write(string path, string code)
        {
            string file = Path.Combine(folder.Path, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, code);
        }
    }

    // A row of the table: the folder, its concern, the folders that it uses.
    [GeneratedRegex(@"^\| `([^`]+)` \|[^|]*\|([^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex Rows();

    // A command or a base of commands, and its own base.
    [GeneratedRegex(@"class (\w+(?:Command|Cmdlet)) : (\w+(?:Command|Cmdlet))\b")]
    private static partial Regex Cmdlets();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Rooms();
}
