using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Acm.Client.Profiles;

/// <summary>Reads YAML as flat settings, such as <c>spring.cloud.nacos.config.namespace</c>. The YAML library is loaded on first use.</summary>
public static class YamlSettings
{
    /// <summary>Maximum number of settings: aliases can expand a small file without limit.</summary>
    private const int MostSettings = 10_000;

    private const int MostLevels = 64;

    /// <summary>Reads the documents of a file.</summary>
    /// <param name="text">The content of the file.</param>
    /// <exception cref="FormatException">The text is not valid YAML; the message names the line without quoting it.</exception>
    public static IReadOnlyList<IReadOnlyList<KeyValuePair<string, string>>> Read(string text)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException e)
        {
            // The inner exception is dropped: its message may quote a secret.
            throw new FormatException(string.Format(CultureInfo.InvariantCulture, "it is not valid YAML, on line {0}", e.Start.Line));
        }

        var documents = new List<IReadOnlyList<KeyValuePair<string, string>>>();
        foreach (YamlDocument document in stream.Documents)
        {
            var settings = new List<KeyValuePair<string, string>>();
            Add(settings, "", document.RootNode, level: 0);
            documents.Add(settings);
        }

        return documents;
    }

    private static void Add(List<KeyValuePair<string, string>> settings, string name, YamlNode node, int level)
    {
        if (level > MostLevels || settings.Count > MostSettings) throw new FormatException(string.Format(CultureInfo.InvariantCulture, "it is nested too deeply or too large, on line {0}", node.Start.Line));

        switch (node)
        {
            case YamlScalarNode scalar:
                settings.Add(new(name, scalar.Value ?? ""));
                break;
            case YamlMappingNode mapping:
                foreach (KeyValuePair<YamlNode, YamlNode> child in mapping.Children)
                {
                    if (child.Key is YamlScalarNode key) Add(settings, name.Length == 0 ? key.Value ?? "" : $"{name}.{key.Value}", child.Value, level + 1);
                }

                break;
            case YamlSequenceNode sequence:
                int place = 0;
                foreach (YamlNode child in sequence.Children) Add(settings, string.Format(CultureInfo.InvariantCulture, "{0}[{1}]", name, place++), child, level + 1);
                break;
        }
    }
}
