using System.Text;
using HelpBuilder.Pages;
using HelpBuilder.Text;

namespace HelpBuilder.Output;

/// <summary>Converts docs/about_*.md to text for Get-Help.</summary>
internal static class AboutTopic
{
    private const int Width = 80;
    private const string Margin = "    ";
    private const string Short = "Short description";

    /// <exception cref="HelpException">The topic does not have the required heading.</exception>
    public static string Render(string file)
    {
        IReadOnlyList<Section> topics = SectionReader.Read(File.ReadAllText(file), level: 1);
        string name = Path.GetFileNameWithoutExtension(file);
        if (topics is not [Section topic] || topic.Title != name) throw new HelpException(file, $"The topic has to have one heading of level 1, '{name}'.");
        if (topic.Children is not [{ Title: Short } synopsis, ..]) throw new HelpException(file, $"The first heading of level 2 has to be '{Short}'.");

        // The list of 'Get-Help about_*' shows only the first line of the synopsis.
        if (synopsis.Body.Trim().Length > Width - Margin.Length) throw new HelpException(file, $"The text below '{Short}' has to fit on one line of {Width - Margin.Length} characters.");

        var text = new StringBuilder();
        Heading(text, "TOPIC");
        text.Append(Margin).Append(name).Append("\n\n");
        foreach (Section section in topic.Children)
        {
            Heading(text, section.Title.ToUpperInvariant());
            Body(text, section.Body);
            foreach (Section part in section.Children)
            {
                text.Append("  ").Append(PlainText.Words(part.Title)).Append("\n\n");
                Body(text, part.Body);
            }
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    // PowerShell reads the synopsis from the fifth line, so no blank line follows a heading.
    private static void Heading(StringBuilder text, string title) => text.Append(title).Append('\n');

    private static void Body(StringBuilder text, string markdown)
    {
        foreach (string block in new PlainText(Width - Margin.Length).Blocks(markdown))
        {
            foreach (string line in block.Split('\n')) text.Append((Margin + line).TrimEnd()).Append('\n');
            text.Append('\n');
        }
    }
}
