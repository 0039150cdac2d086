using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace HelpBuilder.Commands;

/// <summary>Reads the summaries in the XML documentation of an assembly, for drafts of pages.</summary>
internal sealed partial class XmlComments
{
    private readonly Dictionary<string, string> _summaries = [];

    public static XmlComments Empty { get; } = new();

    public static XmlComments Load(string file)
    {
        var comments = new XmlComments();
        foreach (XElement member in XDocument.Load(file).Descendants("member"))
            if (member.Element("summary") is { } summary) comments._summaries[(string)member.Attribute("name")!] = Space().Replace(summary.Value, " ").Trim();
        return comments;
    }

    public string? OfType(Type type) => _summaries.GetValueOrDefault("T:" + type.FullName);

    public string? OfProperty(Type type, string name)
    {
        for (Type? at = type; at is not null; at = at.BaseType)
            if (_summaries.TryGetValue($"P:{at.FullName}.{name}", out string? summary)) return summary;
        return null;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
