namespace Acm.Tests.Pester;

/// <summary>Runs the suites of tests/Pester with Pester; each of their tests is a test here.</summary>
[Collection(nameof(SuiteRun))]
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
        SuiteRun run = await SuiteRun.All;

        SuiteResult? result = run.On(nacos: null).Where(r => r.Kind == "Test" && r.Suite == suite && r.Line == line).ElementAtOrDefault(number);
        if (result is null) Assert.Fail($"It was not run. {run.Shell.Errors}\n{run.Shell.Output}");
        if (result.Outcome != "Passed") Assert.Fail($"{result.Name}: {result.Outcome}. {result.Message}");
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public async Task A_suite_runs_the_tests_that_are_written_in_it_and_ends_well(string suite)
    {
        int written = SuiteFile.All.Single(file => file.Name == suite).Tests().Count;

        SuiteRun run = await SuiteRun.All;

        SuiteRun.AssertNone(run.On(nacos: null).Where(r => r.Suite == suite && r.Kind != "Test"));
        Assert.NotEqual(0, written);
        Assert.Equal(written, run.On(nacos: null).Count(r => r.Suite == suite && r.Kind == "Test"));
    }

    [Fact]
    public async Task The_run_ends_well()
    {
        SuiteRun run = await SuiteRun.All;

        Assert.Equal((0, ""), (run.Shell.ExitCode, run.Shell.Errors));
    }
}
