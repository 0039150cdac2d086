using Markdig;
using Markdig.Syntax;

namespace HelpBuilder.Pages;

/// <summary>Splits Markdown at its headings. Code blocks are skipped.</summary>
internal static class SectionReader
{
    /// <summary>Returns the sections at <paramref name="level"/>, which is the highest one.</summary>
    public static IReadOnlyList<Section> Read(string markdown, int level)
    {
        string[] lines = markdown.ReplaceLineEndings("\n").Split('\n');
        List<HeadingBlock> headings = [.. Markdown.Parse(string.Join('\n', lines)).OfType<HeadingBlock>().Where(h => h.Level >= level)];
        return Read(lines, headings, level, lines.Length);
    }

    private static List<Section> Read(string[] lines, List<HeadingBlock> headings, int level, int end)
    {
        var sections = new List<Section>();
        List<int> starts = [.. headings.Where(h => h.Level == level).Select(h => h.Line)];
        for (int i = 0; i < starts.Count; i++)
        {
            int stop = i + 1 < starts.Count ? starts[i + 1] : end;
            List<HeadingBlock> below = [.. headings.Where(h => h.Line > starts[i] && h.Line < stop)];
            int bodyEnd = below.Count > 0 ? below[0].Line : stop;
            sections.Add(new Section(
                lines[starts[i]].TrimStart('#').Trim(),
                string.Join('\n', lines[(starts[i] + 1)..bodyEnd]).Trim('\n', ' '),
                Read(lines, below, level + 1, stop)));
        }

        return sections;
    }
}
