using Acm.Tests.Support;

namespace Acm.Tests.Pester;

/// <summary>Incomplete or failed runs of the suites are reported.</summary>
public sealed class SuiteRunTests : IDisposable
{
    private readonly TemporaryFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task What_fails_is_skipped_or_is_not_there_fails_the_run_and_is_named_and_so_does_a_folder_without_suites()
    {
        _files.Write("A.Tests.ps1", """
            Describe 'tests' {
                It 'passes <_>' -ForEach 1, 2 { 1 | Should -Be 1 }
                It 'fails' { 1 | Should -Be 2 }
                It 'is skipped' -Skip { }
                It 'skips itself' { Set-ItResult -Skipped }
            }
            Describe 'set-up' { BeforeAll { throw 'no set-up' }; It 'i' { } }
            Describe 'clean-up' { AfterAll { throw 'no clean-up' }; It 'i' { } }
            """);
        _files.Write("B.Tests.ps1", "Describe 'd' { It 'i' { } }; if (");
        _files.Write("C.Tests.ps1", "Describe 'd' { }");

        string empty = Directory.CreateDirectory(Path.Combine(_files.Path, "empty")).FullName;
        SuiteRun[] runs = await SuiteRun.OfEachAsync(empty, _files.Path);

        SuiteRun run = runs[1];
        Assert.Equal([1, 1], runs.Select(r => r.Shell.ExitCode));
        Assert.Equal(
            [
                "A:2 Test tests.passes 1 Passed", "A:2 Test tests.passes 2 Passed", "A:3 Test tests.fails Failed", "A:4 Test tests.is skipped Skipped", "A:5 Test tests.skips itself Skipped",
                "A:7 Test set-up.i Failed", "A:8 Test clean-up.i Passed", "A:7 Block set-up Failed", "A:8 Block clean-up Failed", "B:0 Suite the suite Failed", "C:0 Suite the suite Failed",
            ],
            run.Results.Select(r => $"{r.Suite}:{r.Line} {r.Kind} {r.Name} {r.Outcome}"));
        Assert.Equal([true, true, false, true], run.Results.Take(4).Select(r => r.Message.Length == 0));
        Assert.StartsWith("Expected 2, but got 1.\nat ", run.Results[2].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Describe 'd' { if ($false) { It 'lost' { } }; It 'i' { } }", 2)]
    [InlineData("Describe 'd' { function Lost { It 'lost' { } }; It 'i' { } }", 2)]
    [InlineData("Describe 'd' { It 'i' { }; return; It 'lost' { } }", 2)]
    [InlineData("Describe 'd' { It 'i' { } }", 1)]
    [InlineData("Describe 'd' -ForEach 1, 2 { Context 'c' -ForEach @('a', 'b', 'c') { It 'i' -TestCases (1..4) { }; It 'j' { } } }", 30)]
    [InlineData("BeforeDiscovery { $cases = @(@{ a = 1 }\n @{ a = 2 }) }; Describe 'd' { It 'i' -ForEach $cases { } }", 2)]
    [InlineData("Describe 'd' { It 'i' -ForEach @{ a = 1, 2 } { } }", 1)]
    public void The_tests_that_a_suite_should_run_are_told_from_its_text(string suite, int expected) =>
        Assert.Equal(expected, SuiteFile.Read(_files.Write("odd.ps1", suite)).Tests().Count);

    [Theory]
    [InlineData("Describe 'd' { It 'i' -ForEach (Get-Case) { } }")]
    [InlineData("$cases = 1; $cases = 1, 2; Describe 'd' { It 'i' -ForEach $cases { } }")]
    public void Cases_that_cannot_be_told_are_refused(string suite) =>
        Assert.Throws<InvalidDataException>(() => SuiteFile.Read(_files.Write("odd.ps1", suite)).Tests());
}
