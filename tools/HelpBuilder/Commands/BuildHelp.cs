using HelpBuilder.Output;
using HelpBuilder.Pages;

namespace HelpBuilder.Commands;

/// <summary>Builds the files for Get-Help from the pages.</summary>
internal static class BuildHelp
{
    public static void Run(string docs, string output)
    {
        Directory.CreateDirectory(output);
        var made = new HashSet<string>(StringComparer.Ordinal);
        IEnumerable<string> pages = Directory.EnumerateFiles(Path.Combine(docs, "cmdlets"), "*-*.md").Order(StringComparer.Ordinal);
        foreach (IGrouping<string, CommandPage> group in pages.Select(PageReader.Read).GroupBy(page => page.HelpFile))
            Save(group.Key, MamlDocument.Write(group));
        foreach (string topic in Directory.EnumerateFiles(docs, "about_*.md"))
            Save(Path.GetFileNameWithoutExtension(topic) + ".help.txt", System.Text.Encoding.UTF8.GetBytes(AboutTopic.Render(topic)));

        // Delete the output of removed pages.
        foreach (string file in Directory.EnumerateFiles(output))
            if (!made.Contains(Path.GetFileName(file))) File.Delete(file);

        void Save(string name, byte[] content)
        {
            made.Add(name);
            File.WriteAllBytes(Path.Combine(output, name), content);
        }
    }
}
