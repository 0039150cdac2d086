using System.Text.RegularExpressions;
using HelpBuilder.Pages;

namespace Acm.Tests.Docs;

/// <summary>
/// The examples of the pages with their set-up, which is in comments under EXAMPLES, before the first example. A comment
/// <c>set-up</c> applies to each example of its page, a comment <c>set-up 2, 3</c> to those examples.
/// </summary>
internal static partial class ExampleSet
{
    public static string SetUp(CommandPage page, ExampleEntry example) => string.Join('\n', Comment().Matches(page.ExamplesNote)
        .Where(comment => comment.Groups["number"].Captures is { Count: var count } numbers
            && (count == 0 || numbers.Any(number => number.Value == $"{example.Number}")))
        .Select(comment => comment.Groups["script"].Value));

    /// <summary>Returns the code blocks of an example with the output on the page; null for blocks without output.</summary>
    public static IReadOnlyList<(string Code, string? Output)> Steps(ExampleEntry example)
    {
        var steps = new List<(string, string?)>();
        IReadOnlyList<CodeBlock> blocks = example.Blocks;
        for (int i = 0; i < blocks.Count; i++)
        {
            if (blocks[i].Language != "powershell") continue;
            steps.Add((blocks[i].Text, i + 1 < blocks.Count && blocks[i + 1].Language == "output" ? blocks[i + 1].Text : null));
        }

        return steps;
    }

    [GeneratedRegex(@"<!-- set-up(?: (?<number>\d+)(?:, (?<number>\d+))*)?\n(?<script>.*?)-->", RegexOptions.Singleline)]
    private static partial Regex Comment();
}
