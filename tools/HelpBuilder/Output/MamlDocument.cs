using System.Text;
using System.Xml;
using System.Xml.Linq;
using HelpBuilder.Pages;

namespace HelpBuilder.Output;

/// <summary>The MAML help file of a module for Get-Help.</summary>
internal static class MamlDocument
{
    public static byte[] Write(IEnumerable<CommandPage> pages)
    {
        XNamespace items = "http://msh";
        var root = new XElement(items + "helpItems", new XAttribute("schema", "maml"), pages.Select(MamlCommand.Write));
        using var stream = new MemoryStream();
        // Without a byte order mark and with LF, so that the build is reproducible.
        using (var writer = XmlWriter.Create(stream, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true, NewLineChars = "\n", NewLineHandling = NewLineHandling.None }))
            new XDocument(root).Save(writer);
        return stream.ToArray();
    }
}
