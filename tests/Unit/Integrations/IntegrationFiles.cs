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

    /// <summary>Gets the definition of the action.</summary>
    public static Dictionary<object, object> Action { get; } = ReadYaml(Path.Combine(ActionFolder, "action.yml"));

    /// <summary>Gets the definition of the step template.</summary>
    public static Dictionary<object, object> Template { get; } = ReadYaml(Path.Combine(TaskFolder, "step-template.yml"));

    /// <summary>Returns a mapping of a definition.</summary>
    public static Dictionary<object, object> Table(this Dictionary<object, object> table, string name) => (Dictionary<object, object>)table[name];

    /// <summary>Returns the mappings of a list of a definition.</summary>
    public static Dictionary<object, object>[] Tables(this Dictionary<object, object> table, string name) => [.. ((List<object>)table[name]).Cast<Dictionary<object, object>>()];

    /// <summary>Returns the variables of a step, resolved like in the runner.</summary>
    /// <param name="step">The step, with its env.</param>
    /// <param name="kind">The prefix of the expressions, <c>inputs</c> or <c>parameters</c>.</param>
    /// <param name="values">The values by name.</param>
    public static Dictionary<string, string?> Resolve(Dictionary<object, object> step, string kind, IReadOnlyDictionary<string, string> values) =>
        step.Table("env").ToDictionary(pair => (string)pair.Key, string? (pair) => values[Expression((string)pair.Value, kind)]);

    /// <summary>Returns the name in a text of the form <c>${{ inputs.name }}</c>.</summary>
    public static string Expression(string text, string kind)
    {
        string start = "${{ " + kind + ".";
        Assert.StartsWith(start, text, StringComparison.Ordinal);
        Assert.EndsWith(" }}", text, StringComparison.Ordinal);
        return text[start.Length..^3];
    }

    private static Dictionary<object, object> ReadYaml(string file) => new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(File.ReadAllText(file));
}
