using System.Text.RegularExpressions;
using HelpBuilder.Pages;

namespace Acm.Tests.Docs;

/// <summary>
/// The examples of the pages, each with what has to be there before it: comments that stand under EXAMPLES, before the first one. A comment
/// <c>set-up</c> is for each example of its page, a comment <c>set-up 2, 3</c> for those.
/// </summary>
internal static partial class ExampleSet
{
    public static string SetUp(CommandPage page, ExampleEntry example) => string.Join('\n', Comment().Matches(page.ExamplesNote)
        .Where(comment => comment.Groups["number"].Captures is { Count: var count } numbers
            && (count == 0 || numbers.Any(number => number.Value == $"{example.Number}")))
        .Select(comment => comment.Groups["script"].Value));

    /// <summary>The PowerShell of an example, block by block, each with the output that the page shows for it; null where it shows none.</summary>
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
