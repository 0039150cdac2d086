using Acm.Tests.Docs;
using YamlDotNet.Serialization;

namespace Acm.Tests.Integrations;

/// <summary>The files of the repository's integrations.</summary>
internal static class IntegrationFiles
{
    public static string Folder { get; } = Path.GetFullPath(Path.Combine(DocsFolder.Root, "..", "integrations"));

    public static string ActionFolder { get; } = Path.Combine(Folder, "github-action");

    public static string TaskFolder { get; } = Path.Combine(Folder, "azure-devops-task");

    public static string Script { get; } = Path.Combine(Folder, "acm-step.ps1");

    /// <summary>The action's definition.</summary>
    public static Dictionary<object, object> Action { get; } = ReadYaml(Path.Combine(ActionFolder, "action.yml"));

    /// <summary>The step template's.</summary>
    public static Dictionary<object, object> Template { get; } = ReadYaml(Path.Combine(TaskFolder, "step-template.yml"));

    /// <summary>A table of a definition.</summary>
    public static Dictionary<object, object> Table(this Dictionary<object, object> table, string name) => (Dictionary<object, object>)table[name];

    /// <summary>The tables of a list of a definition.</summary>
    public static Dictionary<object, object>[] Tables(this Dictionary<object, object> table, string name) => [.. ((List<object>)table[name]).Cast<Dictionary<object, object>>()];

    /// <summary>The variables of a step, resolved as the runner does.</summary>
    /// <param name="step">The step, with its env.</param>
    /// <param name="kind">What the expressions begin with: <c>inputs</c> or <c>parameters</c>.</param>
    /// <param name="values">Values by name.</param>
    public static Dictionary<string, string?> Resolve(Dictionary<object, object> step, string kind, IReadOnlyDictionary<string, string> values) =>
        step.Table("env").ToDictionary(pair => (string)pair.Key, string? (pair) => values[Expression((string)pair.Value, kind)]);

    /// <summary>The name in <c>${{ inputs.name }}</c>, which is all of a text.</summary>
    public static string Expression(string text, string kind)
    {
        string start = "${{ " + kind + ".";
        Assert.StartsWith(start, text, StringComparison.Ordinal);
        Assert.EndsWith(" }}", text, StringComparison.Ordinal);
        return text[start.Length..^3];
    }

    private static Dictionary<object, object> ReadYaml(string file) => new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(File.ReadAllText(file));
}
