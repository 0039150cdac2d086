namespace Acm.Tests.Pester;

/// <summary>The suites of tests/Pester, written for Pester itself, run here by a stand-in that knows the part of its language that they use.</summary>
public sealed class SuiteTests
{
    public static IEnumerable<TheoryDataRow<string, int, int>> Tests =>
        from suite in SuiteFile.All
        from test in suite.Tests()
        select new TheoryDataRow<string, int, int>(suite.Name, test.Line, test.Case) { TestDisplayName = $"{suite.Name}:{test.Line}.{test.Case} {test.Name}" };

    public static TheoryData<string> Suites => [.. SuiteFile.All.Select(suite => suite.Name)];

    [Theory]
    [MemberData(nameof(Tests))]
    public async Task A_test_of_the_suites_passes(string suite, int line, int number)
    {
        SuiteRun run = await SuiteRun.Of(PathOf(suite));

        SuiteResult? result = run.Results.Where(r => r.Kind == "Test" && r.Line == line).ElementAtOrDefault(number);
        if (result is null) Assert.Fail($"It was not run. {run.Shell.Errors}\n{run.Shell.Output}");
        if (result.Outcome != "Passed") Assert.Fail($"{result.Block}.{result.Name}: {result.Message}");
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public async Task A_suite_runs_the_tests_that_are_written_in_it_and_ends_well(string suite)
    {
        int written = SuiteFile.Read(PathOf(suite)).Tests().Count;

        SuiteRun run = await SuiteRun.Of(PathOf(suite));

        Assert.Equal(written, run.Results.Count(r => r.Kind == "Test"));
        Assert.DoesNotContain(run.Results, r => r.Kind != "Test");
        Assert.Equal((0, ""), (run.Shell.ExitCode, run.Shell.Errors));
    }

    private static string PathOf(string suite) => Path.Combine(SuiteFile.Folder, suite + ".Tests.ps1");
}
