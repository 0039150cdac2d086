using System.Text.RegularExpressions;

namespace Acm.Tests.Docs;

/// <summary>Turns of phrase that readers found hard, in what a person reads: the messages of the sources, the pages, the topics and the read-me files.</summary>
public sealed partial class WordingTests
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(DocsFolder.Root, ".."));

    [Fact]
    public void No_message_has_a_turn_that_readers_found_hard()
    {
        string[] literals = [.. Files("src", "*.cs")
            .SelectMany(path => File.ReadLines(path)
                .Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal))
                .SelectMany(line => Literal().Matches(line))
                .Where(match => HardTurn().IsMatch(match.Groups[1].Value) || HardStart().IsMatch(match.Groups[1].Value))
                .Select(match => $"{Path.GetFileName(path)}: {match.Groups[1].Value}"))];

        Assert.Empty(literals);
    }

    [Fact]
    public void No_page_has_a_turn_that_readers_found_hard()
    {
        string[] lines = [.. Files("docs", "*.md").Concat(Files("integrations", "*.md")).Append(Path.Combine(Root, "README.md"))
            .SelectMany(path => File.ReadLines(path)
                .Where(line => HardTurn().IsMatch(line))
                .Select(line => $"{Path.GetFileName(path)}: {line.Trim()}"))];

        Assert.Empty(lines);
    }

    [Theory]
    [InlineData("'x' is no MD5: 32 hex digits are expected.", true)]
    [InlineData("whoever is on the way can read it", true)]
    [InlineData("There is no file 'x'.", true)]
    [InlineData("A failover file goes before every server.", true)]
    [InlineData("Pipe the objects, as Get-AcmWatcher writes them.", true)]
    [InlineData("Takes over the profiles of another tool.", true)]
    [InlineData("The watcher is told of the change.", true)]
    [InlineData("The file 'x' was not found.", false)]
    [InlineData("The file is no longer used.", false)]
    public void A_hard_turn_is_found(string text, bool isHard) =>
        Assert.Equal(isHard, HardTurn().IsMatch(text) || HardStart().IsMatch(text));

    private static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Where(path => !path.Replace('\\', '/').Contains("/obj/", StringComparison.Ordinal) && !path.Replace('\\', '/').Contains("/node_modules/", StringComparison.Ordinal));

    [GeneratedRegex(@"""((?:[^""\\]|\\.)*)""")]
    private static partial Regex Literal();

    // "There is no" and "no longer" are allowed.
    [GeneratedRegex(@"(?<![Tt]here) (is|are) no (?!longer\b|more\b|such\b)|[Ww]ith case\b(?!-)|\b[Ww]hoever (?!makes it)|to be come by|asks? to be called|\b[Tt]hink of new\b|can't be told\b|left as it is\b|passed over\b|taken for meant|\bgoes? before every\b|\bin the place of\b|\b(is|are|was|were) told (of|the)\b|\btells? of\b|\blets? go of\b|\ba line each\b|\b[Tt]akes? over\b|\btaken over\b|, as [A-Z][a-z]+-Acm\w+ (writes|wrote|shows) ")]
    private static partial Regex HardTurn();

    [GeneratedRegex(@"^(What (is|was) |There (is|are) no (file|folder|configuration|profile|option|watcher|connection)\b)")]
    private static partial Regex HardStart();
}
