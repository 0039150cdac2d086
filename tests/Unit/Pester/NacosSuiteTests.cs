using System.Collections;
using System.Management.Automation.Language;

namespace Acm.Tests.Pester;

/// <summary>Runs the suites that use a server against each generation of Nacos. <c>nacos.psd1</c> lists all exceptions.</summary>
[Collection(nameof(SuiteRun))]
public sealed class NacosSuiteTests
{
    private static readonly Hashtable List = Read(Path.Combine(SuiteFile.Folder, "nacos.psd1"));

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    [InlineData("3")]
    [InlineData("3.2")]
    public async Task The_suites_pass_but_for_the_differences_that_are_named(string generation)
    {
        SuiteRun run = await SuiteRun.All;
        SuiteResult[] results = [.. run.On(generation)];

        SuiteRun.AssertNone(results.Where(result => result.Outcome != "Passed"));
        Assert.Equal(Expected(generation), results.Count(result => result.Kind == "Test"));
    }

    [Fact]
    public void A_difference_has_a_reason() =>
        Assert.Equal([], Differences.Where(difference => difference["Reason"] is not string { Length: > 0 }).Select(difference => difference["Test"]));

    private static IEnumerable<Hashtable> Differences => ((object[])List["Differences"]!).Cast<Hashtable>();

    private static int Expected(string generation)
    {
        HashSet<string> different =
        [
            .. Differences.Where(difference => difference["Generations"] is not { } those || AsArray(those).Contains(generation)).Select(difference => $"{difference["Suite"]} {difference["Test"]}"),
        ];
        return SuiteFile.All.Where(suite => AsArray(List["Suites"]!).Contains(suite.Name))
            .SelectMany(suite => suite.Tests().Select(test => $"{suite.Name} {test.Name.Split(" > ")[^1]}"))
            .Count(test => !different.Contains(test));
    }

    private static string[] AsArray(object value) => value is object[] many ? [.. many.Cast<string>()] : [(string)value];

    private static Hashtable Read(string path) =>
        (Hashtable)((HashtableAst)Parser.ParseFile(path, out _, out _).Find(ast => ast is HashtableAst, searchNestedScriptBlocks: false)).SafeGetValue();
}
