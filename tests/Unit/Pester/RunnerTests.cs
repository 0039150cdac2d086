using Acm.Tests.Support;

namespace Acm.Tests.Pester;

/// <summary>
/// The stand-in runner does what Pester 5.9 does: what is expected of the samples was compared with a run of theirs by Pester itself.
/// What it does not know, it says so, and the run fails.
/// </summary>
public sealed class RunnerTests : IDisposable
{
    private static readonly string Samples = Path.Combine(SuiteFile.Folder, "..", "Unit", "Pester", "Samples");

    private readonly TemporaryFiles _files = new();

    [Theory]
    [InlineData("Drive", 5)]
    [InlineData("Holding", 14)]
    [InlineData("Names", 12)]
    [InlineData("Order", 3)]
    [InlineData("Scopes", 14)]
    public async Task What_holds_passes(string sample, int count)
    {
        SuiteRun run = await RunSampleAsync(sample);

        Assert.Equal([], run.Results.Where(r => r.Outcome != "Passed").Select(r => r.Name + ": " + r.Message));
        Assert.Equal((count, 0), (run.Results.Count, run.Shell.ExitCode));
    }

    [Fact]
    public async Task What_does_not_hold_fails()
    {
        SuiteRun run = await RunSampleAsync("Failing");

        Assert.Equal([], run.Results.Where(r => r.Outcome != "Failed").Select(r => r.Name));
        Assert.Equal((36, 1), (run.Results.Count, run.Shell.ExitCode));
        Assert.StartsWith("Expected -Be 'b', but got 'a'.\nat <ScriptBlock>, ", run.Results[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_are_those_of_Pester()
    {
        SuiteRun run = await RunSampleAsync("Names");

        Assert.Equal(
            [
                "block one.Ann of Bern", "block one.Bo of Como", "block one.is prepared one", "block one.item 3",
                "block two.Ann of Bern", "block two.Bo of Como", "block two.is prepared two", "block two.item 3",
                "a context is a block.costs $5 or \"six\", <not a template>", "a context is a block.has nothing",
                "a context is a block.array 1", "a context is a block.array 2",
            ],
            run.Results.Select(r => $"{r.Block}.{r.Name}"));
    }

    [Fact]
    public async Task A_failed_set_up_fails_the_tests_that_it_was_for()
    {
        SuiteRun run = await RunSampleAsync("SetUp");

        Assert.Equal(
            [
                "BeforeAll throws.fails Failed", "BeforeAll throws.inner.fails as well Failed", "BeforeEach throws.fails Failed", "AfterEach throws.fails Failed",
                "a written error.does not fail a test Passed", "a stray word.break does not leave the run Passed",
                "a stray word.return ends its test Passed", "a stray word.runs the next Passed",
            ],
            run.Results.Select(r => $"{r.Block}.{r.Name} {r.Outcome}"));
    }

    [Fact]
    public async Task A_failed_clean_up_fails_the_run_and_no_test()
    {
        SuiteRun run = await RunSampleAsync("CleanUp");

        Assert.Equal(["Test Passed", "Block Failed"], run.Results.Select(r => $"{r.Kind} {r.Outcome}"));
        Assert.Equal(1, run.Shell.ExitCode);
    }

    [Theory]
    [InlineData("Describe 'd' { It 'i' -Skip { } }", "Skip")]
    [InlineData("Describe 'd' { It 'i' -Tag 'slow' { } }", "Tag")]
    [InlineData("Describe 'd' -Tag 'slow' { It 'i' { } }", "Tag")]
    [InlineData("Describe 'd' { It 'i' -ForEach @() { } }", "empty -ForEach")]
    [InlineData("Describe 'd' -ForEach @() { It 'i' { } }", "empty -ForEach")]
    [InlineData("It 'i' { }", "not in a block")]
    [InlineData("BeforeEach { }; Describe 'd' { It 'i' { } }", "not in a block")]
    [InlineData("Describe 'd' { BeforeAll { }; BeforeAll { }; It 'i' { } }", "twice")]
    [InlineData("Describe 'd' { InModuleScope Acm { It 'i' { } } }", "InModuleScope")]
    [InlineData("Describe 'd' { It 'i' { } }; if (", "if")]
    public async Task What_the_discovery_does_not_know_runs_no_test(string suite, string expected)
    {
        SuiteRun run = await SuiteRun.Of(_files.Write("odd.ps1", suite));

        Assert.Empty(run.Results);
        Assert.Equal(1, run.Shell.ExitCode);
        Assert.Contains(expected, run.Shell.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_test_does_not_know_fails_it()
    {
        string suite = _files.Write("odd.ps1", """
            Describe 'd' {
                It 'a mock' { Mock Get-AcmConfig { 1 } }
                It 'a call count' { Should -Invoke Get-AcmConfig -Times 1 }
                It 'two operators' { 1 | Should -Be 1 -BeTrue }
                It 'another action' { 1 | Should -Be 2 -ErrorAction SilentlyContinue }
                It 'a parameter of another operator' { 1 | Should -Be 1 -ErrorId 'x' }
                It 'no value' { 1 | Should -Be }
                It 'a value too many' { 1 | Should -BeTrue 1 }
                It 'a block' { Describe 'inner' { } }
                It 'a test' { It 'inner' { } }
                It 'a set-up' { BeforeAll { } }
                It 'a result' { Set-ItResult -Skipped }
            }
            """);

        SuiteRun run = await SuiteRun.Of(suite);

        Assert.Equal([], run.Results.Where(r => r.Outcome != "Failed").Select(r => r.Name));
        Assert.Equal((11, 1), (run.Results.Count, run.Shell.ExitCode));
    }

    [Theory]
    [InlineData("Describe 'd' { if ($false) { It 'lost' { } }; It 'i' { } }", 2, 1)]
    [InlineData("Describe 'd' { function Lost { It 'lost' { } }; It 'i' { } }", 2, 1)]
    [InlineData("Describe 'd' { It 'i' { }; return; It 'lost' { } }", 2, 1)]
    [InlineData("Describe 'd' { It 'i' { }; It 'ends' { exit 0 }; It 'lost' { } }", 3, 1)]
    [InlineData("BeforeDiscovery { $c = 1, 2 }; Describe 'd' { It 'i' -ForEach ($c) { } }", 2, 2)]
    public async Task A_test_that_a_run_loses_is_missed(string suite, int written, int run)
    {
        string path = _files.Write("odd.ps1", suite);

        int results = (await SuiteRun.Of(path)).Results.Count;

        Assert.Equal((written, run), (SuiteFile.Read(path).Tests().Count, results));
    }

    [Theory]
    [InlineData("Describe 'd' { It 'i' { } }", 1)]
    [InlineData("Describe 'd' -ForEach 1, 2 { Context 'c' -ForEach @('a', 'b', 'c') { It 'i' -TestCases (1..4) { }; It 'j' { } } }", 30)]
    [InlineData("BeforeDiscovery { $cases = @(@{ a = 1 }\n @{ a = 2 }) }; Describe 'd' { It 'i' -ForEach $cases { } }", 2)]
    [InlineData("Describe 'd' { It 'i' -ForEach @{ a = 1, 2 } { } }", 1)]
    public void The_cases_of_a_suite_are_told_from_its_text(string suite, int expected) =>
        Assert.Equal(expected, SuiteFile.Read(_files.Write("odd.ps1", suite)).Tests().Count);

    [Theory]
    [InlineData("Describe 'd' { It 'i' -ForEach (Get-Case) { } }")]
    [InlineData("$cases = 1; $cases = 1, 2; Describe 'd' { It 'i' -ForEach $cases { } }")]
    public void Cases_that_cannot_be_told_are_refused(string suite) =>
        Assert.Throws<InvalidDataException>(() => SuiteFile.Read(_files.Write("odd.ps1", suite)).Tests());

    public void Dispose() => _files.Dispose();

    private static Task<SuiteRun> RunSampleAsync(string name) => SuiteRun.Of(Path.Combine(Samples, name + ".ps1"));
}
