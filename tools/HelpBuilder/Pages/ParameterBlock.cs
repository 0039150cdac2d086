using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace HelpBuilder.Pages;

/// <summary>The yaml block of a parameter; names and order are those of the platyPS schema 2024-05-01.</summary>
internal sealed record ParameterBlock
{
    public string Type { get; init; } = "";

    public string DefaultValue { get; init; } = "";

    public bool SupportsWildcards { get; init; }

    public List<string> Aliases { get; init; } = [];

    public List<ParameterSetBlock> ParameterSets { get; init; } = [];

    public bool DontShow { get; init; }

    public List<string> AcceptedValues { get; init; } = [];

    public string HelpMessage { get; init; } = "";

    /// <exception cref="YamlException">The text is not valid YAML, or has a name that is not in the schema.</exception>
    public static ParameterBlock Parse(string yaml) => new DeserializerBuilder().Build().Deserialize<ParameterBlock>(yaml);

    public string ToYaml() => new SerializerBuilder().Build().Serialize(this).ReplaceLineEndings("\n").TrimEnd('\n');
}
