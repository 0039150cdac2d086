using HelpBuilder.Pages;

namespace Acm.Tests.Docs;

/// <summary>Every example of every page runs unchanged and without an error, and writes the output on the page.</summary>
public sealed class ExampleTests(ExampleRun run) : IClassFixture<ExampleRun>
{
    public static TheoryData<string, int> Examples
    {
        get
        {
            var examples = new TheoryData<string, int>();
            foreach (CommandPage page in DocsFolder.Pages)
                foreach (ExampleEntry example in page.Examples) examples.Add(page.Name, example.Number);
            return examples;
        }
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_runs_and_writes_what_is_shown(string command, int number)
    {
        ExampleEntry example = DocsFolder.Page(command).Examples.First(candidate => candidate.Number == number);

        IReadOnlyList<string> written = run.Output(command, number);

        IReadOnlyList<(string Code, string? Output)> steps = ExampleSet.Steps(example);
        Assert.Equal(steps.Count, written.Count);
        for (int i = 0; i < steps.Count; i++)
        {
            if (steps[i].Output is { } shown && !ShownOutput.Matches(shown, written[i]))
                Assert.Fail($"The page shows\n{shown}\nand the example wrote\n{written[i]}");
        }
    }

    [Theory]
    [InlineData("a  b\n--", "a b\n\n--", true)]
    [InlineData("at 10:15", "at 9:03", true)]
    [InlineData("one ... four", "one two three four", true)]
    [InlineData("a", "a b", false)]
    [InlineData("a.c", "abc", false)]
    public void Shown_output_leaves_only_spacing_and_digits_open(string shown, string written, bool matches) =>
        Assert.Equal(matches, ShownOutput.Matches(shown, written));
}
