using System.Text;
using System.Xml;
using System.Xml.Linq;
using HelpBuilder.Pages;

namespace HelpBuilder.Output;

/// <summary>The help file of a module: the commands' pages in MAML, as Get-Help reads it.</summary>
internal static class MamlDocument
{
    public static byte[] Write(IEnumerable<CommandPage> pages)
    {
        XNamespace items = "http://msh";
        var root = new XElement(items + "helpItems", new XAttribute("schema", "maml"), pages.Select(MamlCommand.Write));
        using var stream = new MemoryStream();
        // Without a preamble and with LF: the same bytes on every machine.
        using (var writer = XmlWriter.Create(stream, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true, NewLineChars = "\n", NewLineHandling = NewLineHandling.None }))
            new XDocument(root).Save(writer);
        return stream.ToArray();
    }
}
