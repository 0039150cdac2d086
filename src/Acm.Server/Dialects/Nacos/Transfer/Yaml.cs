using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Acm.Server.Dialects.Nacos.Transfer;

/// <summary>Reads and writes the YAML of an archive's metadata: a list of mappings of strings.</summary>
internal static class Yaml
{
    // Stream, document, mapping, list and row take 5 levels.
    private const int MaxDepth = 16;

    /// <summary>Returns a text as a scalar, quoted if necessary.</summary>
    public static string Quote(string text)
    {
        if (text.Any(char.IsControl)) return JsonSerializer.Serialize(text);

        bool isPlain = text.Length > 0 && (char.IsLetter(text[0]) || text[0] == '_') && text[^1] != ' ' && text[^1] != ':' &&
            !text.Contains(": ", StringComparison.Ordinal) && !text.Contains(" #", StringComparison.Ordinal) &&
            text.ToUpperInvariant() is not ("NULL" or "TRUE" or "FALSE" or "YES" or "NO" or "ON" or "OFF" or "Y" or "N");
        return isPlain ? text : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
    }

    // YamlStream.Load recurses for each level, and a stack overflow ends the process.
    private static void CheckDepth(string text)
    {
        var parser = new Parser(new StringReader(text));
        int depth = 0;
        while (parser.MoveNext())
        {
            depth += parser.Current!.NestingIncrease;
            if (depth > MaxDepth) throw new YamlException($"The document is nested more than {MaxDepth} levels deep.");
        }
    }

    /// <summary>Returns the rows of the document's list. Scalars are returned as text.</summary>
    /// <exception cref="YamlException">The text is not valid YAML.</exception>
    public static List<Dictionary<string, string>> Rows(string text)
    {
        CheckDepth(text);
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        var rows = new List<Dictionary<string, string>>();
        if (stream.Documents.Count == 0 || stream.Documents[0].RootNode is not YamlMappingNode root) return rows;

        foreach (YamlSequenceNode list in root.Children.Values.OfType<YamlSequenceNode>().Take(1))
        {
            foreach (YamlMappingNode row in list.Children.OfType<YamlMappingNode>())
            {
                var members = new Dictionary<string, string>(StringComparer.Ordinal);
                foreach ((YamlNode name, YamlNode value) in row.Children)
                {
                    if (name is YamlScalarNode { Value: { } key } && value is YamlScalarNode { Value: { } scalar }) members[key] = scalar;
                }

                rows.Add(members);
            }
        }

        return rows;
    }
}
