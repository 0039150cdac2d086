using System.Management.Automation.Language;
using System.Text.Json;
using Acm.Tests.Support;
using ModulePackager;

namespace Acm.Tests.Integrations;

/// <summary>The action, the task, the template and the script have the same inputs.</summary>
public sealed class InputListTests
{
    private static readonly string[] Names = ScriptInputs();

    [Fact]
    public void The_action_hands_over_each_input_that_the_script_reads()
    {
        Dictionary<object, object> step = Assert.Single(IntegrationFiles.Action.Table("runs").Tables("steps"));

        Assert.Equal(Names, IntegrationFiles.Action.Table("inputs").Keys.Select(key => Camel((string)key)));
        Assert.Equal(Names.Select(Variable), step.Table("env").Keys);
        Assert.Equal(Names, step.Table("env").Values.Select(value => Camel(IntegrationFiles.Expression((string)value, "inputs"))));
    }

    [Fact]
    public void The_template_hands_over_each_input_with_the_defaults_of_the_action()
    {
        Dictionary<object, object>[] parameters = [.. IntegrationFiles.Template.Tables("parameters").Where(p => Names.Contains((string)p["name"]))];
        Dictionary<object, object> step = IntegrationFiles.Template.Tables("steps")[1];

        Assert.Equal(Names, parameters.Select(p => (string)p["name"]));
        Assert.Equal(ActionDefaults(), parameters.Select(p => p.TryGetValue("default", out object? value) ? (string)value : "(required)"));
        Assert.Equal(Names.Select(Variable), step.Table("env").Keys);
        Assert.Equal(Names, step.Table("env").Values.Select(value => IntegrationFiles.Expression((string)value, "parameters")));
    }

    [Fact]
    public void The_task_has_each_input_with_help_and_the_defaults_of_the_action_and_the_version_of_the_module()
    {
        using JsonDocument task = JsonDocument.Parse(File.ReadAllText(Path.Combine(IntegrationFiles.TaskFolder, "task.json")));
        JsonElement[] inputs = [.. task.RootElement.GetProperty("inputs").EnumerateArray()];
        JsonElement version = task.RootElement.GetProperty("version");

        Assert.Equal(Names, inputs.Select(input => input.GetProperty("name").GetString()));
        Assert.All(inputs, input => Assert.NotEqual("", input.GetProperty("helpMarkDown").GetString()));
        Assert.Equal(ActionDefaults(), inputs.Select(input => input.GetProperty("required").GetBoolean() ? "(required)" : input.GetProperty("defaultValue").GetString()));
        Assert.Equal(ModuleManifest.Read(ModuleShell.Manifest)["ModuleVersion"], $"{version.GetProperty("Major")}.{version.GetProperty("Minor")}.{version.GetProperty("Patch")}");
        Assert.All(task.RootElement.GetProperty("execution").EnumerateObject(), handler => Assert.True(File.Exists(Path.Combine(IntegrationFiles.TaskFolder, handler.Value.GetProperty("target").GetString()!))));
    }

    private static IEnumerable<string> ActionDefaults() => IntegrationFiles.Action.Table("inputs").Values.Cast<Dictionary<object, object>>()
        .Select(input => input.ContainsKey("required") ? "(required)" : input.TryGetValue("default", out object? value) ? (string)value : "");

    private static string Variable(string name) => "ACM_INPUT_" + name.ToUpperInvariant();

    private static string Camel(string name)
    {
        string[] parts = name.Split('-');
        return parts[0] + string.Concat(parts.Skip(1).Select(part => char.ToUpperInvariant(part[0]) + part[1..]));
    }

    private static string[] ScriptInputs()
    {
        ScriptBlockAst script = Parser.ParseFile(IntegrationFiles.Script, out _, out ParseError[] errors);
        Assert.Empty(errors);
        Ast list = script.Find(node => node is AssignmentStatementAst { Left: VariableExpressionAst { VariablePath.UserPath: "names" } }, searchNestedScriptBlocks: false)!;
        return [.. list.FindAll(node => node is StringConstantExpressionAst, searchNestedScriptBlocks: false).Cast<StringConstantExpressionAst>().Select(text => text.Value)];
    }
}
